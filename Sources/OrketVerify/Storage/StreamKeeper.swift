import OrketCore
import OrketSystem
import Synchronization

/// Puts the streams and artefacts of verifications into the content store as each ends, so that no more of them are in memory
/// than verifications run at a time.
package final class StreamKeeper: Sendable {
    private let store: ContentStore
    private let failure = Mutex<StorageError?>(nil)

    /// Keeps in `store`.
    package init(_ store: ContentStore) { self.store = store }

    /// The first reason for which something could not be kept.
    package var problem: StorageError? { failure.withLock { $0 } }

    /// The same result with its bytes in the store. What is beyond the bounds is told by digest and size alone.
    func keep(_ result: VerificationResult) async -> VerificationResult {
        await Blocking.run { self.kept(result) }
    }

    private func kept(_ result: VerificationResult) -> VerificationResult {
        var result = result
        var (count, artefactBytes) = (0, 0)
        func keep(_ streams: [SeenStream]) -> [SeenStream] {
            streams.compactMap { stream in
                count += 1
                if count > SeenStream.maximumCount {
                    result.streamsLeftOut += 1
                    return nil
                }
                if stream.kind == .artefact, case .held(let bytes, _) = stream.content {
                    artefactBytes += bytes.count
                    if artefactBytes > SeenStream.maximumArtefactBytes {
                        artefactBytes -= bytes.count
                        return stream.with(.none)
                    }
                }
                return stored(stream)
            }
        }
        result.streams = keep(result.streams)
        for index in result.trials.indices { result.trials[index].streams = keep(result.trials[index].streams) }
        return result
    }

    private func stored(_ stream: SeenStream) -> SeenStream {
        guard case .held(let bytes, let head) = stream.content, !bytes.isEmpty else { return stream.with(.none) }
        do throws(StorageError) {
            let digest = try store.put(bytes)
            return stream.with(.stored(digest: digest, bytes: UInt64(bytes.count), head: UInt64(head)))
        } catch {
            failure.withLock { $0 = $0 ?? error }
            return stream.with(.none)
        }
    }
}

extension SeenStream {
    fileprivate func with(_ content: Content) -> SeenStream {
        var stream = self
        stream.content = content
        return stream
    }
}
