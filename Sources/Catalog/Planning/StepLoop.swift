import JSON

/// A step that is carried out for each of several items, one after the other.
struct StepLoop: Sendable {
    /// Items of one step: one call must not become any number of calls to the provider.
    static let maxItems = 100

    private let items: [JSONValue]
    private var results: [JSONValue] = []
    private var position = 0

    init(_ items: [JSONValue]) { self.items = items }

    /// The item whose turn it is; nil once all had theirs.
    var item: JSONValue? { items.dropFirst(position).first }

    /// What the step gives: the results in the order of the items, without those that were left out.
    var result: JSONValue { .array(results) }

    /// Goes on to the next item.
    ///
    /// - Parameter result: nil: the step was left out for this one.
    mutating func advance(_ result: JSONValue?) {
        if let result { results.append(result) }
        position += 1
    }
}
