/// A language that candidates are written in: the program it needs, where a sandbox can see it, and who brings it.
package struct Toolchain: Sendable {
    package let name: String
    package let programs: [String]
    package let directories: [String]
    /// Debian packages.
    package let packages: String

    private init(_ name: String, _ programs: [String], directories: [String] = system, packages: String) {
        self.name = name
        self.programs = programs
        self.directories = directories
        self.packages = packages
    }

    /// A program elsewhere, such as in a home directory, is of no use: the sandbox shows only these.
    private static let system = ["/usr/bin", "/usr/local/bin"]

    package static let all: [Toolchain] = [
        Toolchain("python", ["python3"], packages: "python3"),
        Toolchain("javascript", ["node"], packages: "nodejs"),
        Toolchain("perl", ["perl"], packages: "perl libtest-deep-perl"),
        Toolchain("bash", ["bash"], packages: "bash bc"),
        Toolchain("c", ["gcc", "cc", "clang"], packages: "gcc libc6-dev"),
        Toolchain("cpp", ["g++", "c++", "clang++"], packages: "g++ libssl-dev"),
        Toolchain("java", ["javac"], packages: "default-jdk-headless"),
        Toolchain("swift", ["swiftc"], directories: ["/opt/swift/usr/bin"] + system, packages: ""),
    ]
}
