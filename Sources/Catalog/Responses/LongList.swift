import HTTPTypes
@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Maps a list whose page is long, one record after the other: of each only the text is kept.
///
/// The values of a page take as much memory as its text and more, and those of its mapped records as much again. So the page
/// is read whole once, for what is asked of it as a whole, and forgotten; then each record is read again, mapped, written, and
/// forgotten. Shorter pages are not read twice.
struct LongList {
    /// Bytes from which a page is long.
    static let leastBytes = 4 << 20

    private let mapper: ResponseMapper
    private let leastBytes: Int

    init(_ mapper: ResponseMapper, leastBytes: Int = Self.leastBytes) {
        self.mapper = mapper
        self.leastBytes = leastBytes
    }

    /// What is known of a page without the values of its records.
    private struct Outline {
        /// Where the records lie in the page's text.
        var items: [UnsafeBufferPointer<UInt8>] = []
        var nextCursor: String?
        var isPartial: Bool
        var headers: HTTPFields
    }

    /// - Returns: nil for a page that is mapped as a whole.
    func map(
        _ response: ProviderResponse, request: OutgoingRequest, scope: CallInput
    ) throws(CatalogError) -> MappedPage? {
        guard mapper.plan.unifiedMethod.response == .list, mapper.call.mapping.responseIsArray != true,
            let bytes = response.body.documentBytes, bytes.count >= leastBytes,
            // Where this fails, a record may fail before it: mapping in the usual order finds which comes first.
            let outline = try? outline(response, request, scope)
        else { return nil }
        response.body.forgetValues()
        let names = MappingScope.response(scope, request: request, response: response)
        return MappedPage(
            records: try records(of: outline.items, in: bytes, names), nextCursor: outline.nextCursor,
            isPartial: outline.isPartial, headers: outline.headers)
    }

    private func outline(
        _ response: ProviderResponse, _ request: OutgoingRequest, _ scope: CallInput
    ) throws(CatalogError) -> Outline? {
        let page = try response.body.page()
        let data = try mapper.data(page, response, request, scope)
        let items = page.items(data)
        let names = ScopeDocuments(MappingScope.response(scope, request: request, response: response), page)
        let pages = Paginator(mapper.call.method.pagination ?? mapper.plan.integration.pagination)
        var outline = Outline(
            nextCursor: try pages.next(response, page, count: items.count, request: request, scope: scope),
            isPartial: try mapper.isPartial(page, names, data), headers: try mapper.responseHeaders(page, names, data))
        outline.items.reserveCapacity(items.count)
        for item in items {
            // What an expression made lies nowhere in the page.
            guard item.isObject, let text = item.value.source else { return nil }
            outline.items.append(text)
        }
        return outline
    }

    private func records(
        of items: [UnsafeBufferPointer<UInt8>], in bytes: ResponseBytes, _ names: MappingInput
    ) throws(CatalogError) -> [MappedRecord] {
        let workspace = Workspace(budget: MappingBudget.current)
        let page = ResponsePage(workspace: workspace, body: workspace.document(JSONValue.null))
        let records = RecordMapper(mapper.plan, mapper.call, page, ScopeDocuments(names, page))
        records.prepare()
        let texts = RecordTexts(bytes)
        let mark = workspace.mark
        var mapped: [MappedRecord] = []
        mapped.reserveCapacity(items.count)
        for item in items {
            guard let document = try? workspace.parse(again: item) else {
                preconditionFailure("a record was read with its page, and is read again")
            }
            if let record = try records.record(of: document) {
                mapped.append(MappedRecord(try texts.add(try record.opened().document, in: workspace)))
            }
            workspace.rewind(to: mark)
        }
        return mapped
    }
}
