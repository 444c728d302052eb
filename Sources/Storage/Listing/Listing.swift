/// What a listing is asked for: rows in the order of their making, so that rows added meanwhile come last.
public struct Listing<Field: FilterField>: Sendable, Hashable {
    public var filters: [Filter<Field>]
    /// Where the page before ended; nil for the first page.
    public var after: Position?
    /// Most rows of the page, at least 1.
    public var limit: Int

    public init(filters: [Filter<Field>] = [], after: Position? = nil, limit: Int = 5000) {
        self.filters = filters
        self.after = after
        self.limit = limit
    }
}

/// A row's place in a listing.
public struct Position: Sendable, Hashable {
    public var createdAt: Timestamp
    public var id: String

    public init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }
}

/// One page of a listing.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// Where to go on; nil at the end.
    public var next: Position?

    public init(items: [Item], next: Position?) {
        self.items = items
        self.next = next
    }

    public func map<Other, Failure: Error>(_ body: (Item) throws(Failure) -> Other) throws(Failure) -> Page<Other> {
        var others: [Other] = []
        others.reserveCapacity(items.count)
        for item in items { others.append(try body(item)) }
        return Page<Other>(items: others, next: next)
    }
}
