/// How a list's next page is asked for.
package enum Pagination: Sendable, Hashable {
    /// Where a page's number, token or offset stands in the request. In a path it is a placeholder:
    /// `{{pagination.page}}`, `{{pagination.cursor}}`, `{{pagination.offset}}`.
    package enum Place: String, Sendable, Hashable, CaseIterable {
        case query, body, path
    }

    /// Numbered pages. `more`: truthy where another page follows; nil: a full page is followed by another.
    case page(parameter: String, place: Place, first: Int, more: MappingExpression?, limits: PageLimits)
    /// A token of the response is handed back. `path` gives the token, undefined or null at the end.
    case cursor(parameter: String, path: MappingExpression, place: Place, limits: PageLimits)
    /// The number of records to skip.
    case offset(parameter: String, place: Place, limits: PageLimits)
    /// The `Link` header with `rel="next"` (RFC 8288). `only`: the query parameters that its address carries replace all others.
    case linkHeader(limits: PageLimits, only: Bool)
    /// The response holds the next page's whole address; its query replaces the request's.
    case nextURL(path: MappingExpression, limits: PageLimits)
    /// `Range: unit=0-24` and `Content-Range` (RFC 9110 §14).
    case range(unit: String, limits: PageLimits)
    /// Expressions do all of it.
    case dynamic(initial: MappingExpression?, next: MappingExpression, cursor: MappingExpression?, limits: PageLimits)

    package var limits: PageLimits {
        switch self {
        case .page(_, _, _, _, let limits), .cursor(_, _, _, let limits), .offset(_, _, let limits),
            .linkHeader(let limits, _), .nextURL(_, let limits), .range(_, let limits), .dynamic(_, _, _, let limits):
            limits
        }
    }
}

/// How many records a page holds.
package struct PageLimits: Sendable, Hashable {
    /// The query parameter that asks for a size; nil: the provider decides.
    package var parameter: String?
    /// Asked for where the caller names none.
    package var `default`: Int?
    /// The provider's largest; a greater `limit` of the caller is cut to it.
    private var maximum: Int?

    package init(parameter: String?, default: Int?, maximum: Int?) {
        self.parameter = parameter
        self.default = `default`
        self.maximum = maximum
    }

    /// The size to ask for.
    package func size(asked: Int?) -> Int? {
        guard let wanted = asked ?? `default` else { return nil }
        return max(1, maximum.map { min($0, wanted) } ?? wanted)
    }
}
