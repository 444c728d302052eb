import Catalog
import JSON
import NIOCore
import Upstream

/// A list: one provider list, or several read one after the other as if they were one.
struct ListCall {
    let exchange: ProviderExchange

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// One page of one source.
    private struct Page {
        var mapped: MappedPage
        var next: SourceCursor?
        var request: OutgoingRequest
        var answer: ProviderAnswer
    }

    func perform(_ deliver: (UnifiedAnswer) async throws -> Void) async throws {
        let plan = exchange.plan
        let parameters = exchange.parameters
        var scope = try exchange.scope()
        try exchange.validate(scope)
        let calls: [PlannedCall]
        switch try plan.route(for: scope) {
        case .single(let call): calls = [call]
        case .concatenated(let several), .firstFound(let several): calls = several
        case .fixed(let value):
            return try await deliver(.json(value, headers: []))
        }

        var position = try start(scope.cursor, calls)
        if parameters.format == .raw || parameters.format == .stream {
            guard let position, let call = calls.first(where: { $0.source == position.source }) else { return }
            scope.cursor = position.cursor
            return try await ProviderPassage(exchange).perform(call, scope: scope, deliver)
        }

        let shape = RecordShape(parameters, schema: plan.schema)
        var answer = ListAnswer(records: [])
        var debug: JSONValue?
        var headers: [APIError.Header] = []
        let limit = scope.limit
        // A source that ends before the page is full is followed by the next one in the same answer; a page is never
        // cut, so it may hold more than `limit` only where the provider's own page does.
        while let at = position {
            scope.cursor = at.cursor
            scope.limit = limit.map { $0 - answer.records.count }
            let page = try await page(of: at, in: calls, scope: scope)
            answer.records += page.mapped.records.map(shape.apply)
            answer.isPartial = answer.isPartial || page.mapped.isPartial
            headers = APIError.Header.rateLimits(page.answer) + page.mapped.headers.map { .init($0.name, $0.value) }
            debug = debug ?? exchange.debug(page.request, page.answer)
            position = page.next
            guard page.next?.cursor == nil, limit.map({ answer.records.count < $0 }) ?? true else { break }
        }
        answer.nextCursor = position?.text
        let body = answer.json(keyBy: parameters.keyBy)
        let json: JSONValue = parameters.format == .debug
            ? ["result": .object(body), "debug": debug ?? .null] : .object(body)
        try await deliver(.json(json, headers: headers))
    }

    /// Where a caller's cursor points; the first source without one.
    private func start(_ cursor: String?, _ calls: [PlannedCall]) throws(CatalogError) -> SourceCursor? {
        guard let cursor else { return calls.first.map { SourceCursor(source: $0.source, cursor: nil) } }
        let position = try SourceCursor(cursor)
        guard calls.contains(where: { $0.source == position.source }) else {
            throw CatalogError(.badCursor, "next_cursor is not one that this list gave")
        }
        return position
    }

    private func page(of position: SourceCursor, in calls: [PlannedCall], scope: CallScope) async throws -> Page {
        guard let planned = calls.first(where: { $0.source == position.source }) else {
            throw CatalogError(.badCursor, "next_cursor is not one that this list gave")
        }
        let request = try RequestBuilder(exchange.plan, planned).build(scope)
        let answer = ProviderExchange.answer(try await exchange.send(request))
        let mapped = try await exchange.map(answer, planned: planned, request: request, scope: scope)
        return Page(
            mapped: mapped, next: SourceCursor.next(after: planned, cursor: mapped.nextCursor, in: calls),
            request: request, answer: answer)
    }
}
