import JSON

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
        for at in 0..<count {
            let item = input.element(at)
            var scope = frame
            if inTuple {
                scope = c.frame(slots: 1, parent: frame)
                scope[0] = tuples ? item : .undefined
            }
            let context = tuples ? Tuple.context(of: item) : item
            for term in terms.indices {
                keys[at * terms.count + term] = try terms[term].expression.evaluate(c, context, scope)
            }
        }
        try checkTypes(c, keys, count)
        let order = try MergeSort.sorted(count) { a, b in
            try c.tick()
            return self.isAfter(keys + a * self.terms.count, keys + b * self.terms.count)
        }
        let elements = c.arena.values(count)
        for at in 0..<count { elements[at] = input.element(order[at]) }
        c.leave()
        return Value(array: elements, count: count, flags: tuples ? Value.Flag.tuples : 0)
    }

    private func checkTypes(_ c: Context, _ keys: UnsafeMutablePointer<Value>, _ count: Int) throws {
        for term in terms.indices {
            var seen = Tag.undefined
            for at in 0..<count {
                let key = keys[at * terms.count + term]
                if key.isUndefined { continue }
                guard key.isNumber || key.isString else {
                    throw JSONataError(
                        "T2008", "order-by needs numbers or strings", position: position, token: "^",
                        value: try c.friendly(key)
                    )
                }
                if seen != .undefined, seen != key.tag, term == 0 {
                    throw JSONataError(
                        "T2007", "order-by needs values of one type", position: position, token: "^",
                        value: try c.friendly(key)
                    )
                }
                seen = key.tag
            }
        }
    }

    /// Whether the item with the keys `a` belongs after the one with `b`. Undefined comes last either way.
    private func isAfter(_ a: UnsafeMutablePointer<Value>, _ b: UnsafeMutablePointer<Value>) -> Bool {
        for at in terms.indices {
            let x = a[at], y = b[at]
            if x.isUndefined {
                if y.isUndefined { continue }
                return true
            }
            if y.isUndefined { return false }
            let order: Int
            if x.isNumber, y.isNumber {
                let left = x.double, right = y.double
                order = left < right ? -1 : left > right ? 1 : 0
            } else if x.isString, y.isString {
                order = StringOrder.compare(x, y)
            } else {
                order = 0
            }
            if order != 0 { return terms[at].descending ? order < 0 : order > 0 }
        }
        return false
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
