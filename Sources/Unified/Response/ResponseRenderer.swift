import Catalog
import HTTPTypes
import JSON
import NIOCore
import Upstream

/// Writes the result of a mapped call as the response of its method (docs/wire.md#responses).
struct ResponseRenderer {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// - Parameters:
    ///   - shown: the provider call that the debug format shows; nil where none was made.
    ///   - warnings: what of the call was not carried out (docs/wire.md#responses).
    ///   - bytes: of the provider's responses; what is written is mostly as long.
    /// - Throws: `tooExpensive` for records that are longer than the limit.
    func reply(
        _ page: MappedPage, shown: CompletedCall?, warnings: [JSONValue] = [],
        bytes: Int
    ) throws(CatalogError) -> UnifiedResponse {
        let parameters = exchange.parameters
        let shape = RecordShape(parameters, schema: exchange.plan.schema)
        let isDebug = parameters.format == .debug
        let isList = exchange.plan.unifiedMethod.response == .list
        let list = ListEnvelope(
            records: page.records, nextCursor: page.nextCursor, isPartial: page.isPartial, filteredBy: page.filteredBy,
            keyBy: parameters.keyBy, shape: shape)
        if isList, !isDebug, let pieces = list.pieces() {
            return .pieces(pieces, headers: headers(page, shown?.response))
        }
        var writer = RecordWriter(shape, capacity: bytes + bytes / 4)
        defer { writer.destroy() }
        if isDebug { writer.append(#"{"result":"#) }
        switch exchange.plan.unifiedMethod.response {
        case .list: try list.write(to: &writer)
        case .deletion:
            var id = exchange.call.id.map(JSONValue.string) ?? .null
            // A normalized record has its field even where it is null.
            if let record = page.records.first, shape.shows("id") {
                if let given = record["id"] { id = given } else if shape.format == .normalized { id = .null }
            }
            writer.append(#"{"id":"#)
            writer.append(json: id)
            writer.append("}")
        case .wrapped:
            writer.append(#"{"result":"#)
            if let record = page.records.first { try writer.append(record) } else { writer.append("null") }
            writer.append("}")
        case .record, .binary:
            if let record = page.records.first { try writer.append(record) } else { writer.append("{}") }
        }
        if isDebug {
            writer.append(#","debug":"#)
            writer.append(
                json: shown.map { DebugView(secrets: exchange.secretTexts, $0.request).json($0.request, $0.response) } ?? .null)
            writer.append("}")
        }
        if !warnings.isEmpty { writer.add("warnings", .array(warnings)) }
        return .json(writer.buffer, headers: headers(page, shown?.response))
    }

    private func headers(_ page: MappedPage, _ response: ProviderResponse?) -> HTTPFields {
        var headers = response.map { RateLimitFields.normalized($0.headers) } ?? [:]
        headers.replace(with: page.headers)
        return headers
    }
}
