import Accounts
import Catalog
import JSON
import Logging
import Multipart
import NIOCore
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

/// A call for which the caller's address was to be handed on needs the file itself after all.
struct FileIsNeeded: Error {}

extension Upload {
    /// The address for a request whose body gives one in place of the file; nil for any other.
    ///
    /// A file that is fetched later is written to its end first. One that is fetched during the call is written while
    /// the call is under way: the provider reads what is there and waits for the rest, by whichever node it asks.
    ///
    /// - Throws: `public_url_missing`, `file_too_large`, `file_type_not_accepted`, `field_after_file`;
    ///   `FileIsNeeded` where the caller's address may not be handed on.
    func handover(_ request: OutgoingRequest, _ planned: PlannedCall) async throws -> FileHandover? {
        guard let fetched = planned.method.fetchedFile, let named = request.body.addressedFile(among: tokens) else { return nil }
        try check(planned.method)
        // The address stands for one file: where a step takes several along, for the one that the request names.
        let taken = along[named.token]
        if let taken {
            try check(
                named, size: taken.spooled?.length, planned.method, param: "\(Saga.fileList)[\(taken.item)][file]")
        }
        let address = taken.map(\.address) ?? address
        let source: (any FileSource)? = taken.map { $0.spooled.map(SpooledSource.init) } ?? source
        if let address, source == nil {
            guard fetched.isForwarded else { throw FileIsNeeded() }
            return FileHandover(address: address, link: nil, service: nil, moment: fetched.moment)
        }
        guard let base = exchange.service.publicAddress.url, let service = exchange.service.fileLinks else {
            throw APIError.publicURLMissing
        }
        guard let source, let handle = taken == nil ? body?["file"].flatMap(FileHandle.init) : named else {
            throw APIError.missingFile
        }
        let link = try await service.make(
            FileLink.Description(name: handle.name ?? "file", contentType: handle.contentType), length: source.fileSize,
            times: fetched.times, lifetime: fetched.lifetime, environment: exchange.call.account.environmentID)
        let limit = planned.method.maxFileSize.map { min(Int64($0), maxFileBytes) } ?? maxFileBytes
        let write: @Sendable () async throws -> Void = { [self] in
            try await self.write(to: FilePieceWriter(link, service, limit: limit), from: source)
        }
        var handover = FileHandover(address: base + link.target, link: link, service: service, moment: fetched.moment)
        handover.writing = Task { [handover, log] in
            do { try await write() } catch {
                // The provider may be waiting for the rest: its fetch ends at once, and so does the call.
                await handover.remove(log)
                throw error
            }
        }
        guard fetched.moment == .later else { return handover }
        do { try await handover.settle() } catch { throw await handover.failed(error, log) }
        handover.writing = nil
        return handover
    }

    var log: CallLog { { [logger = exchange.call.logger] message in logger.warning("\(message)") } }

    private func write(to writer: FilePieceWriter, from source: any FileSource) async throws {
        var writer = writer
        if isWhole {
            for chunk in wholeFile { try await writer.write(chunk) }
        } else {
            while let chunk = try await source.nextFileChunk() { try await writer.write(chunk) }
            try await source.finish()
            try checkLate(source.lateFields)
        }
        try await writer.finish()
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
