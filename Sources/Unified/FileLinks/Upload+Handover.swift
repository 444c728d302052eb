import Accounts
import Catalog
import JSON
import Logging
import Multipart
import NIOCore

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
