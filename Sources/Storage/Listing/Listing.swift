/// What a listing is asked for: rows in the order of their making, so that rows added meanwhile come last.
package struct Listing<Field: FilterField>: Sendable, Hashable {
    package var filters: [Filter<Field>]
    /// Where the page before ended; nil for the first page.
    package var after: Position?
    /// Most rows of the page, at least 1.
    package var limit: Int

    package init(filters: [Filter<Field>] = [], after: Position? = nil, limit: Int = 5000) {
        self.filters = filters
        self.after = after
        self.limit = limit
    }
}

/// A row's place in a listing.
package struct Position: Sendable, Hashable {
    package var createdAt: Timestamp
    package var id: String

    package init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }
}

/// One page of a listing.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// Where to go on; nil at the end.
    package var next: Position?

    package init(items: [Item], next: Position?) {
        self.items = items
        self.next = next
    }

    package func map<Other, Failure: Error>(_ body: (Item) throws(Failure) -> Other) throws(Failure) -> Page<Other> {
        var others: [Other] = []
        others.reserveCapacity(items.count)
        for item in items { others.append(try body(item)) }
        return Page<Other>(items: others, next: next)
    }
}
