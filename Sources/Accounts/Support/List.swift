package import Storage

/// What a caller asks a listing for.
package struct ListQuery<Field: FilterField>: Sendable {
    package var filters: [Filter<Field>]
    /// The `next_cursor` of the page before; nil or empty for the first.
    package var cursor: String?
    /// Rows of a page; what is outside 1 to 5000 is moved to the nearer end.
    package var limit: Int

    package static var largestLimit: Int { 5000 }

    package init(filters: [Filter<Field>] = [], cursor: String? = nil, limit: Int = 5000) {
        self.filters = filters
        self.cursor = cursor
        self.limit = min(max(limit, 1), Self.largestLimit)
    }

    func listing() throws(AccountsError) -> Listing<Field> {
        for filter in filters { try filter.check() }
        return Listing(filters: filters, after: try Cursor.position(cursor), limit: limit)
    }
}

/// One page, as `{result, next_cursor, limit}` shows it.
package struct List<Item: Sendable>: Sendable {
    package var result: [Item]
    package var nextCursor: String?
    package var limit: Int
}

extension List {
    init<Record>(
        _ page: Page<Record>, limit: Int, _ make: (Record) throws(AccountsError) -> Item
    ) throws(AccountsError) {
        let page = try page.map(make)
        self.init(result: page.items, nextCursor: page.next.map(Cursor.text), limit: limit)
    }
}

extension Filter {
    func check() throws(AccountsError) {
        if comparison == .like, field.kind == .flag || field.kind == .number {
            throw .invalid(field.rawValue, "\(field.rawValue) is no text, so like cannot compare it")
        }
        for value in values {
            switch field.kind {
            case .text: continue
            case .time where Timestamp(value) == nil:
                throw .invalid(field.rawValue, "\(field.rawValue) must be an ISO 8601 time")
            case .flag where !["true", "false", "1", "0"].contains(value.lowercased()):
                throw .invalid(field.rawValue, "\(field.rawValue) must be true or false")
            case .number where Int64(value) == nil:
                throw .invalid(field.rawValue, "\(field.rawValue) must be a whole number")
            case .time, .flag, .number: continue
            }
        }
    }
}
