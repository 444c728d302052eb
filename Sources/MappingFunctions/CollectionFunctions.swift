@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let collections: [NativeFunction] = [
        NativeFunction("groupBy", nil, arity: 2) { c, a in
            var groups: [(key: Value, items: [Value])] = []
            var positions: [String: Int] = [:]
            for item in c.items(a[0]) {
                let key = try c.name(try Selector.key(c, item, a[1]))
                let text = c.swiftString(key)
                if let at = positions[text] {
                    groups[at].items.append(item)
                } else {
                    positions[text] = groups.count
                    groups.append((key, [item]))
                }
            }
            return c.object(groups.map { (key: $0.key, value: c.array($0.items)) })
        },
        NativeFunction("keyBy", nil, arity: 2) { c, a in
            var members: [(key: Value, value: Value)] = []
            for item in c.items(a[0]) { members.append((try c.name(try Selector.key(c, item, a[1])), item)) }
            return c.object(members)
        },
        NativeFunction("find", nil, arity: 2) { c, a in
            for item in c.items(a[0]) where try Selector.matches(c, item, a[1]) { return item }
            return .undefined
        },
        NativeFunction("lofilter", nil, arity: 2) { c, a in
            c.array(try c.items(a[0]).filter { try Selector.matches(c, $0, a[1]) })
        },
        NativeFunction("orderBy", nil, arity: 3) { c, a in try Ordering.order(c, a) },
        NativeFunction("compact", nil, arity: 1) { c, a in c.array(c.items(a[0]).filter { c.isTruthy($0) }) },
        NativeFunction("chunk", nil, arity: 2) { c, a in
            let size = a[1].isNumber ? Int(max(0, min(a[1].double, 1e9))) : 1
            let items = c.items(a[0])
            guard size > 0 else { return c.array([]) }
            return c.array(
                stride(from: 0, to: items.count, by: size).map { start in
                    c.array(Array(items[start..<min(start + size, items.count)]))
                }
            )
        },
        NativeFunction("difference", nil, arity: 2) { c, a in
            guard a[0].isArray else { return c.array([]) }
            var others = ValueSet()
            if a[1].isArray { for item in a[1].elements { _ = try others.insert(item, c) } }
            return c.array(try a[0].elements.filter { try !others.contains($0, c) })
        },
        NativeFunction("flatten", nil, arity: 1) { c, a in c.array(try flattened(c, c.items(a[0]), 1)) },
        NativeFunction("flattenDeep", nil, arity: 1) { c, a in c.array(try flattened(c, c.items(a[0]), 1000)) },
        NativeFunction("flattenDepth", nil, arity: 2) { c, a in
            c.array(try flattened(c, c.items(a[0]), a[1].isNumber ? Int(max(0, min(a[1].double, 1000))) : 1))
        },
        NativeFunction("insertBetween", nil, arity: 2) { c, a in
            var result: [Value] = []
            for (index, item) in c.items(a[0]).enumerated() {
                if index > 0 { result += c.items(a[1]) }
                result.append(item)
            }
            return c.array(result)
        },
        NativeFunction("removeEmpty", nil, arity: 1) { _, a in
            (a[0].isArray || a[0].isString) && a[0].count == 0 ? .undefined : a[0]
        },
        NativeFunction("removeEmptyItems", nil, arity: 1) { c, a in
            guard a[0].isArray else { return a[0] }
            return c.array(
                a[0].elements.filter { item in
                    item.isArray || item.isObject ? item.count > 0 : c.isTruthy(item)
                }
            )
        },
    ]

    private static func flattened(_ c: Context, _ items: [Value], _ depth: Int) throws -> [Value] {
        guard depth > 0 else { return items }
        var result: [Value] = []
        for item in items {
            try c.tick()
            if item.isArray { result += try flattened(c, Array(item.elements), depth - 1) } else { result.append(item) }
        }
        return result
    }
}

/// What picks a value of an item, or an item of a list: a function, a path, or an object to be matched.
enum Selector {
    static func value(_ c: Context, _ item: Value, _ selector: Value) throws -> Value {
        if selector.isUndefined { return item }
        return selector.isFunction ? c.unwrap(try c.call(selector, item)) : try c.member(item, at: selector)
    }

    /// What an item is grouped or kept by: a pair or an object gives whether it matches.
    static func key(_ c: Context, _ item: Value, _ selector: Value) throws -> Value {
        let isTest = selector.isObject || selector.isArray && selector.count == 2
        return isTest ? Value(try matches(c, item, selector)) : try value(c, item, selector)
    }

    static func matches(_ c: Context, _ item: Value, _ selector: Value) throws -> Bool {
        switch selector.tag {
        case .object:
            for member in selector.members where try !c.equal(try c.member(item, at: member.key), member.value) { return false }
            return true
        case .array where selector.count == 2:
            return try c.equal(try c.member(item, at: selector.element(0)), selector.element(1))
        default: return c.isTruthy(try value(c, item, selector))
        }
    }
}

/// `$orderBy`: a stable sort by several keys, each ascending or descending.
private enum Ordering {
    static func order(_ c: Context, _ a: Arguments) throws -> Value {
        let selectors = c.items(a[1])
        let descending = c.items(a[2]).map { $0.isString && c.swiftString($0) == "desc" }
        let keyed = try c.items(a[0]).map { item in
            (item: item, keys: try selectors.map { try Selector.value(c, item, $0) })
        }
        let sorted = keyed.enumerated().sorted { left, right in
            for index in selectors.indices {
                let order = compare(left.element.keys[index], right.element.keys[index])
                if order != 0 { return (order < 0) != (index < descending.count && descending[index]) }
            }
            return left.offset < right.offset
        }
        return c.array(sorted.map(\.element.item))
    }

    /// Numbers, then text and the rest; what is missing comes last.
    private static func compare(_ a: Value, _ b: Value) -> Int {
        let ranks = (rank(a), rank(b))
        if ranks.0 != ranks.1 { return ranks.0 - ranks.1 }
        if a.isNumber { return a.double < b.double ? -1 : a.double > b.double ? 1 : 0 }
        guard a.isString else { return 0 }
        return a.bytes.lexicographicallyPrecedes(b.bytes) ? -1 : b.bytes.lexicographicallyPrecedes(a.bytes) ? 1 : 0
    }

    private static func rank(_ value: Value) -> Int {
        switch value.tag {
        case .number: 0
        case .string: 1
        case .false: 2
        case .true: 3
        case .null: 5
        case .undefined: 6
        default: 4
        }
    }
}
