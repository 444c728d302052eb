@_spi(Engine) import JSON

/// `^( … )`: orders by terms whose values are computed once for each item.
final class SortNode: Node, @unchecked Sendable {
    struct Term {
        let expression: Node
        let descending: Bool
    }

    let terms: [Term]
    let position: Int
    let inTuple: Bool

    init(_ terms: [Term], _ position: Int, inTuple: Bool) {
        self.terms = terms
        self.position = position
        self.inTuple = inTuple
    }

    /// Sorts the array `input`.
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        guard input.isArray, input.count > 1 else { return input }
        try c.enter()
        let tuples = input.has(Value.Flag.tuples)
        let count = input.count
        let keys = c.arena.values(count * terms.count)
        keys.initialize(repeating: Frame.unbound, count: count * terms.count)
        // A term is evaluated when a comparison first needs it: later terms mostly are not, and what is not compared
        // cannot be of the wrong type.
        func key(_ at: Int, _ term: Int) throws -> Value {
            let place = keys + (at * terms.count + term)
            if place.pointee.head != Frame.unbound.head { return place.pointee }
            let item = input.element(at)
            var scope = frame
            if inTuple {
                scope = c.frame(slots: 1, parent: frame)
                scope[0] = tuples ? item : .undefined
            }
            let context = tuples ? Tuple.context(of: item) : item
            place.pointee = try terms[term].expression.evaluate(c, context, scope)
            return place.pointee
        }
        let order = try MergeSort.sorted(count) { a, b in
            try c.tick()
            for term in terms.indices {
                let order = try self.order(c, try key(a, term), try key(b, term), terms[term].descending)
                if order != 0 { return order > 0 }
            }
            return false
        }
        let elements = c.arena.values(count)
        for at in 0..<count { elements[at] = input.element(order[at]) }
        c.leave()
        // As in the reference, what was sorted is no longer known to be tuples: a predicate or a grouping behind it
        // sees them as objects, `@` being the value; a step goes on from them.
        return Value(array: elements, count: count)
    }

    /// Positive where `a` belongs after `b`. Undefined comes last either way.
    private func order(_ c: Context, _ a: Value, _ b: Value, _ descending: Bool) throws -> Int {
        if a.isUndefined { return b.isUndefined ? 0 : 1 }
        if b.isUndefined { return -1 }
        for key in [a, b] where !(key.isNumber || key.isString) {
            throw JSONataError(
                "T2008", "order-by needs numbers or strings", position: position, value: try c.friendly(key)
            )
        }
        guard a.tag == b.tag else {
            throw JSONataError(
                "T2007", "order-by needs values of one type", position: position, value: try c.friendly(a)
            )
        }
        let order: Int
        if a.isNumber {
            let left = a.double, right = b.double
            order = left < right ? -1 : left == right ? 0 : 1
        } else {
            order = StringOrder.compare(a, b)
        }
        return descending ? -order : order
    }
}

/// The reference's merge sort, so that comparators which are no proper order give the same result.
enum MergeSort {
    /// The order of the items 0 ..< count. `swaps(a, b)` says that `b`, now to the right, belongs before `a`.
    static func sorted(_ count: Int, _ swaps: (Int, Int) throws -> Bool) throws -> [Int] {
        var items = Array(0..<count)
        var buffer = items
        try sort(&items, &buffer, 0, count, swaps)
        return items
    }

    private static func sort(
        _ items: inout [Int], _ buffer: inout [Int], _ from: Int, _ to: Int, _ swaps: (Int, Int) throws -> Bool
    ) throws {
        guard to - from > 1 else { return }
        let middle = from + (to - from) / 2
        try sort(&items, &buffer, from, middle, swaps)
        try sort(&items, &buffer, middle, to, swaps)
        var left = from, right = middle
        for at in from..<to {
            if left == middle {
                buffer[at] = items[right]
                right += 1
            } else if right == to {
                buffer[at] = items[left]
                left += 1
            } else if try swaps(items[left], items[right]) {
                buffer[at] = items[right]
                right += 1
            } else {
                buffer[at] = items[left]
                left += 1
            }
        }
        for at in from..<to { items[at] = buffer[at] }
    }
}
