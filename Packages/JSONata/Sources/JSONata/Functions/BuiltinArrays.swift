@_spi(Engine) import JSON

extension Builtins {
    static let arrays: [NativeFunction] = [
        NativeFunction("append", "<xx:a>") { c, a in try c.append(a[0], a[1]) },
        NativeFunction("reverse", "<a:a>") { c, a in
            if a[0].isUndefined || a[0].count <= 1 { return a[0] }
            let count = a[0].count
            try c.reserve(count * 16)
            let elements = c.arena.values(count)
            for at in 0..<count { elements[at] = a[0].element(count - 1 - at) }
            return Value(array: elements, count: count)
        },
        NativeFunction("shuffle", "<a:a>") { c, a in
            if a[0].isUndefined || a[0].count <= 1 { return a[0] }
            return c.array(a[0].elements.shuffled())
        },
        NativeFunction("distinct", "<x:x>") { c, a in try Distinct.of(c, a[0]) },
        NativeFunction("zip", "<a+>", arity: 0) { c, a in
            var length = a.count == 0 ? 0 : Int.max
            for at in 0..<a.count { length = min(length, a[at].isArray ? a[at].count : 0) }
            try c.reserve(length * (a.count + 1) * 16)
            var rows = ValueBuilder(capacity: length, in: c.arena)
            for row in 0..<length {
                let elements = c.arena.values(a.count)
                for at in 0..<a.count { elements[at] = a[at].element(row) }
                rows.append(Value(array: elements, count: a.count), in: c.arena)
            }
            return rows.array()
        },
        NativeFunction("sort", "<af?:a>") { c, a in try Sorting.sort(c, a[0], a[1]) },
    ]
}

/// `$sort`.
enum Sorting {
    static func sort(_ c: Context, _ list: Value, _ comparator: Value) throws -> Value {
        if list.isUndefined || list.count <= 1 { return list }
        let items = list.elements
        let order: [Int]
        if comparator.isUndefined {
            let strings = items.allSatisfy { $0.isString }
            guard strings || items.allSatisfy({ $0.isNumber }) else {
                throw JSONataError(
                    "D3070", "without a function $sort orders only numbers or only strings",
                    value: try c.friendly(list), index: 1
                )
            }
            order = try MergeSort.sorted(items.count) { a, b in
                try c.tick()
                return strings
                    ? StringOrder.compare(items[a], items[b]) > 0 : items[a].double > items[b].double
            }
        } else {
            order = try MergeSort.sorted(items.count) { a, b in
                c.scriptTruth(try c.call(comparator, items[a], items[b]))
            }
        }
        let elements = c.arena.values(items.count)
        for at in items.indices { elements[at] = items[order[at]] }
        return Value(array: elements, count: items.count)
    }
}

/// `$distinct`.
enum Distinct {
    static func of(_ c: Context, _ list: Value) throws -> Value {
        guard list.isArray, list.count > 1 else { return list }
        var items = ValueBuilder()
        if list.count <= 16 {
            // Comparing each with each is as fast.
            next: for item in list.elements {
                try c.tick()
                for at in 0..<items.count where try c.equal(items.base.unsafelyUnwrapped[at], item) { continue next }
                items.append(item, in: c.arena)
            }
            return items.array(list.isSequence ? Value.Flag.sequence : 0)
        }
        var kept = ValueSet()
        for item in list.elements where try kept.insert(item, c) { items.append(item, in: c.arena) }
        return items.array(list.isSequence ? Value.Flag.sequence : 0)
    }
}
