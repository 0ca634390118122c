// swift-tools-version: 6.2
import PackageDescription

// Shared settings. A static ELF cannot carry a sanitizer runtime, hence the switch.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]
let c: [CSetting] = [
    .define("_GNU_SOURCE"),
    .unsafeFlags(["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wvla", "-Werror", "-fstack-protector-strong"]),
]
let staticELF: [LinkerSetting] =
    Context.environment["ORKET_SANITIZE"] == nil ? [.unsafeFlags(["-nostartfiles", "-static-executable"])] : []

let package = Package(
    name: "orket",
    products: [.executable(name: "orket", targets: ["orket"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // C: the program that enters the sandbox, and the yardstick that the benchmark compares with.
        .executableTarget(name: "orket-jail", cSettings: c, linkerSettings: staticELF),
        .executableTarget(name: "orket-bare", cSettings: c, linkerSettings: staticELF),
        .systemLibrary(name: "CLibSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "COrketLinux", cSettings: c),

        // Swift, lowest room first; each room may import only rooms above this line of the list.
        .target(name: "OrketCore", swiftSettings: strict),
        .target(name: "OrketSystem", dependencies: ["COrketLinux"], swiftSettings: strict),
        .target(
            name: "OrketDocuments", dependencies: ["OrketCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "OrketSandbox",
            dependencies: [
                "OrketCore", "OrketDocuments", "OrketSystem", "CLibSeccomp",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "OrketAttest",
            dependencies: ["OrketCore", "OrketSystem", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "OrketVerify",
            dependencies: [
                "OrketCore", "OrketSandbox", "OrketSystem", "CZlib", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict),
        .target(name: "OrketReports", dependencies: ["OrketCore"], swiftSettings: strict),
        .target(
            name: "OrketStore",
            dependencies: [
                "OrketCore", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(name: "OrketEngine", dependencies: ["OrketCore"], swiftSettings: strict),
        .target(
            name: "OrketBoard",
            dependencies: [
                "OrketCore", "OrketDocuments", "OrketSystem", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .target(
            name: "OrketCLI",
            dependencies: [
                "OrketBoard", "OrketCore", "OrketSystem", "OrketSandbox", "OrketAttest", "OrketVerify", "OrketReports",
                "OrketStore", "OrketDocuments",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "orket", dependencies: ["OrketCLI", "orket-jail", "orket-bare"], swiftSettings: strict),

        // Times of pure functions on large boards.
        .executableTarget(
            name: "orket-benchmarks", dependencies: ["OrketCore", "OrketEngine", "OrketEngineKit", "OrketStore"],
            path: "Benchmarks", swiftSettings: strict),

        .testTarget(name: "OrketTidyTests", swiftSettings: strict),
        // What tests of several rooms need: directories that go away, random numbers that come again.
        .target(name: "OrketTestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "OrketCoreTests", dependencies: ["OrketCore", "OrketTestSupport"], swiftSettings: strict),
        // A supervisor of its own for tests that kill it or starve it.
        .executableTarget(
            name: "orket-sandbox-driver", dependencies: ["OrketCore", "OrketSystem", "OrketSandbox", "orket-jail"],
            path: "Tests/SandboxDriver", swiftSettings: strict),
        .testTarget(
            name: "OrketSandboxTests",
            dependencies: [
                "OrketCore", "OrketDocuments", "OrketSystem", "OrketSandbox", "OrketTestSupport", "orket-jail",
                "orket-sandbox-driver",
            ],
            swiftSettings: strict),
        // A process of its own that imports, for tests of two at once, of full disks and of bounded memory.
        .executableTarget(
            name: "orket-snapshot-driver", dependencies: ["OrketCore", "OrketVerify"], path: "Tests/SnapshotDriver",
            swiftSettings: strict),
        .testTarget(
            name: "OrketAttestTests", dependencies: ["OrketAttest", "OrketCore", "OrketSystem", "OrketTestSupport"],
            swiftSettings: strict),
        // Records, and a process of its own that appends them, for tests that kill it or let several of it meet.
        .target(
            name: "OrketStoreSamples", dependencies: ["OrketCore"], path: "Tests/StoreSamples", swiftSettings: strict),
        .executableTarget(
            name: "orket-store-driver", dependencies: ["OrketCore", "OrketStore", "OrketStoreSamples", "OrketSystem"],
            path: "Tests/StoreDriver", swiftSettings: strict),
        .testTarget(
            name: "OrketStoreTests",
            dependencies: [
                "OrketCore", "OrketStore", "OrketStoreSamples", "OrketSystem", "OrketTestSupport", "orket-store-driver",
            ],
            swiftSettings: strict),
        // Workers, verdicts, clocks and a store by script, for tests of scheduling.
        .target(name: "OrketEngineKit", dependencies: ["OrketCore"], path: "Tests/EngineKit", swiftSettings: strict),
        // A process of its own that runs a board with the real store, for tests that kill it.
        .executableTarget(
            name: "orket-engine-driver",
            dependencies: ["OrketCore", "OrketEngine", "OrketEngineKit", "OrketStore", "OrketSystem"],
            path: "Tests/EngineDriver", swiftSettings: strict),
        .testTarget(
            name: "OrketEngineTests",
            dependencies: [
                "OrketCore", "OrketEngine", "OrketEngineKit", "OrketSystem", "OrketTestSupport", "orket-engine-driver",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "OrketVerifyTests",
            dependencies: [
                "OrketCore", "OrketSystem", "OrketSandbox", "OrketVerify", "OrketReports", "OrketCLI",
                "OrketTestSupport", "orket-jail", "orket-snapshot-driver",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "OrketReportsTests", dependencies: ["OrketCore", "OrketReports", "OrketSystem", "OrketTestSupport"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "OrketBoardTests",
            dependencies: ["OrketBoard", "OrketCore", "OrketDocuments", "OrketSystem", "OrketTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "OrketCLITests",
            dependencies: [
                "OrketAttest", "OrketCLI", "OrketCore", "OrketSandbox", "OrketStore", "OrketStoreSamples",
                "OrketTestSupport", "orket",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
