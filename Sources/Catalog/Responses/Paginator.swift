import HTTPTypes
import JSON

/// Reads from a response where the next page begins.
struct Paginator {
    let pagination: Pagination?

    init(_ pagination: Pagination?) { self.pagination = pagination }

    /// The provider's next cursor; nil at the end. A cursor that does not move on ends the list too: a provider that
    /// repeats it would be read for ever.
    ///
    /// - Parameter page: the response's body in the page's workspace.
    func next(
        _ response: ProviderResponse, _ page: ResponsePage, count: Int, request: OutgoingRequest, scope: CallInput
    ) throws(CatalogError) -> String? {
        guard let cursor = try found(response, page, count: count, request: request, scope: scope), cursor != scope.cursor
        else { return nil }
        return cursor
    }

    private func found(
        _ response: ProviderResponse, _ page: ResponsePage, count: Int, request: OutgoingRequest, scope: CallInput
    ) throws(CatalogError) -> String? {
        guard let pagination else { return nil }
        let size = pagination.limits.size(asked: scope.limit)
        let isFull = count > 0 && count >= (size ?? 1)
        switch pagination {
        case .page(_, _, let first, let more, _):
            let number = scope.cursor.flatMap { Int($0) } ?? first
            var goesOn = isFull
            if let more {
                let variables: MappingInput = [
                    "page": .number(JSONNumber(number)), "limit": size.map { .number(JSONNumber($0)) } ?? .null,
                ]
                goesOn = try page.value(more, of: page.body, variables: variables).isTruthy
            }
            return goesOn ? String(number + 1) : nil
        case .offset: return isFull ? String((scope.cursor.flatMap { Int($0) } ?? 0) + count) : nil
        case .cursor(_, let path, _, _):
            guard let value = try page.value(path, of: page.body), !value.isNull else { return nil }
            let text = value.plainText
            return text.isEmpty || value == .bool(false) ? nil : text
        case .linkHeader: return LinkHeader.nextQuery(response.headers).map { NextAddress.withoutSecrets($0, request) }
        case .nextURL(let path, _):
            guard let value = try page.value(path, of: page.body), let text = value.string, !text.isEmpty else { return nil }
            return try NextAddress.query(text, request)
        case .range:
            guard let range = response.headers[values: .contentRange].first else {
                return isFull ? String((scope.cursor.flatMap { Int($0) } ?? 0) + count) : nil
            }
            return ContentRange.next(range)
        case .dynamic(_, let next, let cursorExpression, _):
            var input: MappingInput = [
                "query": .object(scope.query), "response": .null, "body": .null,
                "headers": MappingScope.headers(response.headers),
                "paginationValues": scope.cursor.flatMap { try? JSONValue.parse($0) } ?? .object([:]),
            ]
            // A body that is no JSON is null here.
            let bodies: Set = response.isDocument ? ["response", "body"] : []
            if let cursorExpression {
                let found = try page.value(
                    cursorExpression, of: page.input(input, bodies: bodies, for: cursorExpression))
                guard let found, !found.isNull else { return nil }
                input["cursor"] = found
            }
            guard let values = try page.value(next, of: page.input(input, bodies: bodies, for: next)),
                values.object?.isEmpty == false
            else { return nil }
            return values.text()
        }
    }
}

/// The `Link` header (RFC 8288).
enum LinkHeader {
    /// The query of the address with `rel="next"`; only the query is taken, so that no header can name another host.
    static func nextQuery(_ headers: HTTPFields) -> String? {
        for header in headers where header.name == name {
            for link in header.value.split(separator: ", <") {
                let parts = link.split(separator: ";")
                guard parts.count > 1, parts.dropFirst().contains(where: isNext) else { continue }
                let address = parts[0].filter { !"<> ".contains($0) }
                guard let mark = address.firstIndex(of: "?") else { continue }
                return String(address[address.index(after: mark)...].prefix { $0 != "#" })
            }
        }
        return nil
    }

    private static let name = HTTPField.Name("link")!

    private static func isNext(_ parameter: Substring) -> Bool {
        let text = parameter.lowercased().filter { !" \"'".contains($0) }
        return text.hasPrefix("rel=next")
    }
}

/// `Content-Range: items 0-24/319` (RFC 9110 §14.4).
enum ContentRange {
    /// The first record after the range; nil where the range reaches the end or says nothing.
    static func next(_ value: String) -> String? {
        let parts = value.split { " -/".contains($0) }
        guard parts.count == 4, let last = Int(parts[2]) else { return nil }
        if let total = Int(parts[3]), last + 1 >= total { return nil }
        return String(last + 1)
    }
}
