import Catalog
import JSON
import Multipart
import Upstream

/// The files that go along with one call: as its mapping sees them, and where their bytes are.
struct FilesAlong: Sendable {
    /// For the mapping: `file`, a handle, and `attachment_type`.
    private(set) var items: [JSONValue] = []
    /// By the tokens of the handles.
    private(set) var files: [String: FileAlong] = [:]

    /// Fetches those that the caller gave an address of, except for a provider that fetches files by itself.
    ///
    /// - Throws: `APIError`: nothing was sent to the provider yet.
    static func gathered(
        _ places: [SagaFiles.Place], of list: [JSONValue], from intake: SagaIntake, _ exchange: ProviderExchange
    ) async throws -> FilesAlong {
        var along = FilesAlong()
        for place in places {
            let item = list[place.item]
            if let sent = item["file"].flatMap(FileHandle.init).flatMap({ intake.files[$0.token] }) {
                along.add(place, item, .disk(sent.file), (sent.name, sent.contentType))
            } else if let address = item["file_url"]?.string {
                do {
                    try await along.add(place, item, at: address, exchange)
                } catch let error as FileFetchError {
                    guard error.code != .cancelled else { throw CancellationError() }
                    var error = APIError(error)
                    error.param = "\(Saga.fileList)[\(place.item)][file_url]"
                    throw error
                }
            }
        }
        return along
    }

    private mutating func add(
        _ place: SagaFiles.Place, _ item: JSONValue, at address: String, _ exchange: ProviderExchange
    ) async throws {
        let service = exchange.service
        let limits = FileFetchLimits(maxBytes: exchange.maxFileBytes)
        if exchange.forwardsAddresses {
            try await service.upstream.checkFetchable(address, for: exchange.call.account.tenant, limits: limits)
            return add(place, item, .address(address), (FetchedSource.name(inPath: address), nil))
        }
        guard let folder = service.limits.spoolFolder else {
            throw APIError(
                .bodyTooLarge, "Files that go along with an application wait on disk, which this gateway does not allow",
                param: "\(Saga.fileList)[\(place.item)]")
        }
        let (file, own) = try await service.upstream.fetch(address, for: exchange.call.account.tenant, limits: limits) { file in
            let source = FetchedSource(file, digest: nil)
            return (try await source.spool(in: folder), (source.filename, source.contentType))
        }
        add(place, item, .disk(file), own)
    }

    private mutating func add(
        _ place: SagaFiles.Place, _ item: JSONValue, _ source: FileAlong.Place, _ own: (name: String?, contentType: String?)
    ) {
        let token = FileHandle.makeToken()
        let description = FileDescription(stated: (item["file_name"]?.string, item["content_type"]?.string), own: own)
        let file = FileAlong(item: place.item, place: source)
        files[token] = file
        let handle = FileHandle(
            token: token, name: description.name, contentType: description.contentType,
            size: file.spooled.map { Int($0.length) })
        items.append(["file": handle.json, "attachment_type": .string(place.kind)])
    }
}
