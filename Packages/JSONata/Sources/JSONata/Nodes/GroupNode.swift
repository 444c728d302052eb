@_spi(Engine) import JSON

/// `{ key: value, … }`, on its own or after a path.
final class GroupNode: Node, @unchecked Sendable {
    struct Pair {
        let key: Node
        let value: Node
    }

    let pairs: [Pair]
    private let values: Refs<Node>
    let position: Int
    /// The keys, when all are literal and differ: then there is nothing to group.
    private let fixedKeys: UnsafeMutablePointer<Value>?
    /// Whether keys and values were compiled to find a tuple's bindings in a frame of their own.
    let inTuple: Bool
    /// Whether no key depends on the context value: then all items fall into every group.
    private let keysAreFree: Bool
    /// Whether no value does.
    private let valuesAreFree: Bool
    private let anyIndexKey: Bool

    init(_ pairs: [Pair], _ position: Int, inTuple: Bool, keysAreFree: Bool = false, valuesAreFree: Bool = false) {
        self.keysAreFree = keysAreFree
        self.valuesAreFree = valuesAreFree
        self.pairs = pairs
        values = Refs(pairs.map(\.value))
        self.position = position
        self.inTuple = inTuple
        var keys: [Value] = []
        for pair in pairs {
            guard let key = pair.key.constant, key.isString, !keys.contains(where: { $0.sameString(key) }) else { break }
            keys.append(key)
        }
        if keys.count == pairs.count, !inTuple {
            let memory = UnsafeMutablePointer<Value>.allocate(capacity: max(keys.count, 1))
            for at in keys.indices { (memory + at).initialize(to: keys[at]) }
            fixedKeys = memory
        } else {
            fixedKeys = nil
        }
        anyIndexKey = keys.contains { $0.indexKey != nil }
    }

    deinit {
        values.deallocate()
        fixedKeys?.deallocate()
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let result = try group(c, input, frame)
        c.leave()
        return result
    }

    func group(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let isTuples = input.isArray && input.has(Value.Flag.tuples)
        if let fixedKeys, !isTuples {
            return try fixed(c, fixedKeys, input.isArray ? try context(c, input) : input, frame)
        }
        if !inTuple, !isTuples {
            if !input.isArray || input.count == 1 {
                let item = input.isArray ? input.element(0) : input
                return try single(c, item, item, frame)
            }
            if keysAreFree { return try single(c, .undefined, try context(c, input), frame) }
        }
        return try grouped(c, input, frame)
    }

    /// What all items together are to the value expressions when every item falls into every group.
    private func context(_ c: Context, _ input: Value) throws -> Value {
        guard input.isArray else { return input }
        if input.count == 0 || valuesAreFree { return .undefined }
        var context = input.element(0)
        if input.count == 1 { return context }
        var builder = ValueBuilder(capacity: input.count, in: c.arena)
        var any = false
        for item in input.elements where !item.isUndefined {
            if item.isArray {
                builder.append(contentsOf: item.elements, in: c.arena)
            } else {
                builder.append(item, in: c.arena)
            }
            any = true
        }
        if any { context = builder.array() }
        return context
    }

    private func fixed(
        _ c: Context, _ keys: UnsafeMutablePointer<Value>, _ context: Value, _ frame: Frame
    ) throws -> Value {
        let members = Value.members(values.count, in: c.arena)
        var count = 0
        for at in 0..<values.count {
            let value = try values.evaluate(at, c, context, frame)
            if value.isUndefined { continue }
            members[count] = (keys[at], value)
            count &+= 1
        }
        if anyIndexKey { Value.orderMembers(members, count: count) }
        let object = Value(members: members, count: count)
        if count > 64 { ObjectIndex.attach(to: object, in: c.arena) }
        return object
    }

    /// Computed keys, but one for each pair: no groups are needed. Keys are of `item`, values of `whole`.
    private func single(_ c: Context, _ item: Value, _ whole: Value, _ frame: Frame) throws -> Value {
        let members = Value.members(pairs.count, in: c.arena)
        let owners = try c.push(pairs.count)
        var count = 0
        var ordered = true
        for index in pairs.indices {
            let key = try pairs[index].key.evaluate(c, item, frame)
            if key.isUndefined { continue }
            guard key.isString else { throw try badKey(c, key) }
            for at in 0..<count where members[at].key.sameString(key) { throw try repeatedKey(c, key) }
            members[count] = (key, .undefined)
            owners[count] = Value(Double(index))
            if key.mayBeIndexKey { ordered = false }
            count &+= 1
        }
        var kept = 0
        for at in 0..<count {
            let value = try pairs[Int(owners[at].double)].value.evaluate(c, whole, frame)
            if value.isUndefined { continue }
            members[kept] = (members[at].key, value)
            kept &+= 1
        }
        c.pop(pairs.count)
        if !ordered { Value.orderMembers(members, count: kept) }
        let object = Value(members: members, count: kept)
        if kept > 64 { ObjectIndex.attach(to: object, in: c.arena) }
        return object
    }

    private func badKey(_ c: Context, _ key: Value) throws -> JSONataError {
        JSONataError("T1003", "the key of an object must be a string", position: position, value: try c.friendly(key))
    }

    private func repeatedKey(_ c: Context, _ key: Value) throws -> JSONataError {
        JSONataError(
            "D1009", "two expressions give the key \(key.text)", position: position, value: try c.friendly(key)
        )
    }

    private struct Entry {
        var pair: Int
        var first: Value
        var rest: ValueBuilder?
    }

    private func grouped(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let reduces = input.isArray && input.has(Value.Flag.tuples)
        var keys = ObjectBuilder(capacity: 8, in: c.arena)
        var entries: [Entry] = []
        let count = input.isArray ? max(input.count, 1) : 1
        for at in 0..<count {
            let item = input.isArray ? (input.count == 0 ? .undefined : input.element(at)) : input
            try c.tick()
            let scope = scope(c, reduces ? item : .undefined, frame)
            let context = reduces ? Tuple.context(of: item) : item
            for index in pairs.indices {
                let key = try pairs[index].key.evaluate(c, context, scope)
                if key.isUndefined { continue }
                guard key.isString else { throw try badKey(c, key) }
                if let known = keys.position(of: key) {
                    guard entries[known].pair == index else { throw try repeatedKey(c, key) }
                    add(c, item, to: &entries[known])
                } else {
                    keys.add(key, .undefined, in: c.arena)
                    entries.append(Entry(pair: index, first: item, rest: nil))
                }
            }
        }
        var result = ObjectBuilder(capacity: entries.count, in: c.arena)
        for at in entries.indices {
            let entry = entries[at]
            var data = entry.rest.map { $0.array() } ?? entry.first
            var scope = frame
            if reduces {
                data = try Tuple.reduce(c, data)
                scope = self.scope(c, data, frame)
                data = Tuple.context(of: data)
            } else if inTuple {
                scope = self.scope(c, .undefined, frame)
            }
            let value = try pairs[entry.pair].value.evaluate(c, data, scope)
            if !value.isUndefined { result.add(keys.key(at: at), value, in: c.arena) }
        }
        return result.object(in: c.arena)
    }

    private func scope(_ c: Context, _ tuple: Value, _ frame: Frame) -> Frame {
        guard inTuple else { return frame }
        let scope = c.frame(slots: 1, parent: frame)
        scope[0] = tuple
        return scope
    }

    /// Appends to a group in place; joining arrays each time would be quadratic.
    private func add(_ c: Context, _ item: Value, to entry: inout Entry) {
        if item.isUndefined { return }
        var list = entry.rest ?? ValueBuilder()
        func put(_ value: Value) {
            if value.isArray {
                list.append(contentsOf: value.elements, in: c.arena)
            } else if !value.isUndefined {
                list.append(value, in: c.arena)
            }
        }
        if entry.rest == nil { put(entry.first) }
        put(item)
        entry.rest = list
    }
}
