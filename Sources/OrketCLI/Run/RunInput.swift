import Glibc
import OrketCore
import OrketSystem

/// Where the program's stdin comes from.
enum RunInput {
    /// The caller's own stdin, whatever it is.
    static let callers = StandardInput.descriptor(STDIN_FILENO)

    /// `--input FILE`, opened. It stays open for the life of this process.
    static func open(_ path: String) -> Result<StandardInput, InvalidInput> {
        func refuse(_ message: String) -> Result<StandardInput, InvalidInput> {
            .failure(InvalidInput([Finding(file: "--input", "\(CanonicalText.quote(path)): \(message)")]))
        }
        // O_NONBLOCK: a FIFO without a writer must not hang us here; whoever copies from it waits for one.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        if descriptor < 0 {
            return refuse("cannot be read: \(String(cString: strerror(errno))); name a file that you can read")
        }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            return refuse("is a directory; name a file")
        }
        return .success(.descriptor(descriptor))
    }
}
