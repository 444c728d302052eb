import Catalog
import NIOCore
import Upstream

extension Upload {
    /// The outgoing body of a step that takes files along: repeatable, as each of them lies on disk.
    func outgoing(
        _ layout: BodyLayout, _ method: IntegrationMethod, largest: Int64?
    ) throws -> (body: UpstreamRequest.Body, contentType: String?) {
        for file in layout.files {
            guard let known = along[file.token] else { continue }
            try check(file, size: known.spooled?.length, method, param: "\(Saga.fileList)[\(known.item)][file]")
        }
        exchange.call.watch?.holds(layout.files.compactMap { along[$0.token]?.item })
        let files = along.compactMapValues(\.spooled)
        guard let length = layout.length({ files[$0]?.length }) else {
            throw APIError(.mappingFailed, "The mapping takes the bytes of a file that the provider was to fetch")
        }
        if let largest, length > largest { throw APIError.bodyTooLargeForProvider(limit: largest) }
        if layout.segments.isEmpty { return (.none, layout.contentType) }
        if layout.placedFiles.isEmpty { return (.bytes(try FileStream.whole(layout, file: [])), layout.contentType) }
        let write: @Sendable (BodyWriter) async throws -> Void = { try await FileStream.produce(layout, files: files, $0) }
        return (.repeatable(length: length, write), layout.contentType)
    }

    /// The tokens of this call's files.
    var tokens: Set<String> { Set(along.keys).union(token.map { [$0] } ?? []) }
}
