package import ArgumentParser
import OrketCore
import OrketSandbox

/// `orket run`: one program in the sandbox.
package struct RunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one program in the sandbox.",
        usage: "orket run [OPTIONS] -- PROGRAM [ARGUMENTS]",
        discussion: """
            The program's output passes through as it comes, a summary goes to stderr. Its stdin is this one unless \
            --input names a file. It works in /box, an empty directory that is gone afterwards, and sees only what the \
            policy and --bind show it.

            SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 are passed on. After Ctrl-C the program has a second \
            to end by itself; another Ctrl-C kills it at once.

            Exit status: 0 passed, 1 failed, 2 bad usage or input and nothing was started, 3 inconclusive, 4 rejected, \
            130 interrupted.
            """)

    @Option(help: "A policy's name or file; `orket policy list` shows the names.")
    var policy = "default"

    @Option(
        name: .customLong("limit"),
        help: ArgumentHelp(
            "One of wall, cpu, idle (2s), memory, output, fsize, disk (256MiB), pids, inodes, nofile (64).",
            valueName: "key=value"))
    var limits: [String] = []

    @Option(
        name: .customLong("bind"),
        help: ArgumentHelp("Show a host file or directory, read-only unless :rw.", valueName: "src:dst[:rw]"))
    var binds: [String] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("Set a variable, or pass on the caller's.", valueName: "name[=value]"))
    var environment: [String] = []

    @Option(help: ArgumentHelp("Becomes the program's stdin.", valueName: "file"))
    var input: String?

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("Copy a file of /box to a new file here after the run.", valueName: "path[:file]"))
    var outputs: [String] = []

    @Flag(help: "Print one JSON object (schema orket.run/1) instead of passing the streams through.")
    var json = false

    @Flag(help: "Print the compiled plan and start nothing; with --json as schema orket.plan/1.")
    var plan = false

    @Argument(parsing: .postTerminator, help: "The program and its arguments, after --.")
    var argv: [String] = []

    /// Made by the argument parser.
    package init() {}

    /// Runs; ends with the exit code of the contract.
    package func run() async throws {
        let status: Int32
        do throws(InvalidInput) {
            let preparation = try RunPreparation(
                RunArguments(
                    policy: policy, limits: limits, binds: binds, environment: environment, outputs: outputs,
                    input: input, argv: argv))
            status = plan ? PlanReport.show(preparation, json: json) : await RunSession(preparation, json: json).run()
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        if status != 0 { throw ExitCode(status) }
    }
}
