import Accounts
import Catalog
import JSON
import Upstream

/// An address that a call gives to its provider in place of its file.
struct FileHandover: Sendable {
    let address: String
    /// nil: the address is the caller's own.
    let link: FileLink?
    let service: FileLinkService?
    let moment: IntegrationMethod.FetchedFile.Moment
    /// Writes the file while the provider's call is under way.
    var writing: Task<Void, any Error>?

    /// Waits until all of the file is written: what came behind it in the body is known then, and nothing reads on.
    ///
    /// - Throws: why it was not written.
    func settle() async throws {
        guard let writing else { return }
        try await withTaskCancellationHandler {
            try await writing.value
        } onCancel: {
            writing.cancel()
        }
    }

    /// Ends what a call that succeeded does not need any more.
    func ended(_ logger: @escaping CallLog) async {
        guard moment == .duringCall else { return }
        await remove(logger)
    }

    /// Ends a call that failed with `error`; what it is answered with. A body that turned out to be unusable says more
    /// than the provider's complaint that it could not fetch the file.
    func failed(_ error: any Error, _ logger: @escaping CallLog) async -> any Error {
        writing?.cancel()
        var cause = error
        if case .failure(let failure)? = await writing?.result, !(failure is CancellationError) { cause = failure }
        // The provider may have taken the address.
        if (error as? UpstreamError)?.code == .outcomeUnknown { return error }
        await remove(logger)
        return cause
    }

    /// Ends the address, and every fetch of it that waits for more of the file.
    func remove(_ log: @escaping CallLog) async {
        guard let link, let service else { return }
        // The end of a call that was cancelled is written all the same.
        await Task {
            do { try await service.remove(link) } catch {
                // It goes with its expiry.
                log("A file was not removed from the database")
            }
        }.value
    }
}

/// Writes a warning under a call's id.
typealias CallLog = @Sendable (String) -> Void

extension OutgoingBody {
    /// The first file, of those with these tokens, that it holds the address of.
    func addressedFile(among tokens: Set<String>) -> FileHandle? {
        func addressed(_ handle: FileHandle) -> FileHandle? {
            handle.form == .url && tokens.contains(handle.token) ? handle : nil
        }
        func found(_ value: JSONValue) -> FileHandle? {
            if let handle = FileHandle(value) { return addressed(handle) }
            switch value {
            case .object(let members): return members.elements.lazy.compactMap { found($0.value) }.first
            case .array(let items): return items.lazy.compactMap(found).first
            default: return nil
            }
        }
        switch self {
        case .none: return nil
        case .json(let value), .raw(let value, _): return found(value)
        case .form(let parts), .multipart(let parts):
            return parts.lazy.compactMap { if case .file(let handle) = $0.content { addressed(handle) } else { nil } }.first
        case .xml(let pieces):
            return pieces.lazy.compactMap { if case .file(let handle) = $0 { addressed(handle) } else { nil } }.first
        }
    }
}
