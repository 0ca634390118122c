import OrketCLI

await Orket.start()
