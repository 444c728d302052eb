@_spi(Engine) import JSON

/// A predicate in brackets.
final class Filter: Sendable {
    let predicate: Node
    /// The index when the predicate is a literal number.
    let index: Int?
    /// Whether the predicate was compiled to find the bindings of a tuple in a frame of its own.
    let inTuple: Bool

    init(predicate: Node, index: Int?, inTuple: Bool) {
        self.predicate = predicate
        self.index = index
        self.inTuple = inTuple
    }

    /// The items of `input` for which the predicate holds, or whose position it names, as a sequence.
    func apply(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let tuples = input.isArray ? input.head & Value.Flag.tuples : 0
        if let index { return select(c, input, index, tuples) }
        var builder = ValueBuilder()
        let isList = input.isArray
        let count = isList ? input.count : 1
        // A missing value is asked about as well: what the predicate makes of it may be an error.
        for at in 0..<count {
            try c.tick()
            let item = isList ? input.element(at) : input
            let times = try times(c, item, at, count, frame, isTuple: tuples != 0)
            for _ in 0..<times { builder.append(item, in: c.arena) }
        }
        return builder.array(Value.Flag.sequence | tuples)
    }

    private func select(_ c: Context, _ input: Value, _ index: Int, _ tuples: UInt64) -> Value {
        let count = input.isArray ? input.count : 1
        let at = index < 0 ? count + index : index
        let item = at < 0 || at >= count ? .undefined : input.isArray ? input.element(at) : input
        if item.isUndefined { return Value.emptyArray.with(Value.Flag.sequence | tuples) }
        if item.isArray { return item }
        return c.sequence(of: item).with(tuples)
    }

    /// How often an item is in the result: once for each number of the predicate that names its position.
    private func times(
        _ c: Context, _ item: Value, _ at: Int, _ count: Int, _ frame: Frame, isTuple: Bool
    ) throws -> Int {
        let result: Value
        if inTuple {
            let inner = c.frame(slots: 1, parent: frame)
            inner[0] = isTuple ? item : .undefined
            let context = isTuple ? Tuple.context(of: item) : item
            result = try predicate.evaluate(c, context, inner)
            c.release(inner)
        } else {
            result = try predicate.evaluate(c, item, frame)
        }
        if result.isNumber { return try names(result, at, count) ? 1 : 0 }
        if result.isArray { try c.work(result.count * 16) }
        if result.isArray, result.elements.allSatisfy({ $0.isNumber }) {
            return try result.elements.count { try names($0, at, count) }
        }
        return try c.truth(result) ? 1 : 0
    }

    private func names(_ number: Value, _ at: Int, _ count: Int) throws -> Bool {
        let value = number.double.rounded(.down)
        guard !value.isInfinite else { throw JSONataError("D1001", "a number is out of range") }
        return (value < 0 ? Double(count) + value : value) == Double(at)
    }
}

/// A value with predicates or a grouping that is not a step of a path.
final class PredicateNode: Node, @unchecked Sendable {
    let base: Node
    let filters: [Filter]
    let group: GroupNode?
    let keepArray: Bool

    init(_ base: Node, _ filters: [Filter], _ group: GroupNode?, keepArray: Bool) {
        self.base = base
        self.filters = filters
        self.group = group
        self.keepArray = keepArray
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var value = try base.raw(c, input, frame)
        for filter in filters { value = try filter.apply(c, value, frame) }
        if let group { value = try group.group(c, value, frame) }
        c.leave()
        return value
    }
}
