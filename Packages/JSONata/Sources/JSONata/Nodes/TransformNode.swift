@_spi(Engine) import JSON

/// `| pattern | update, deletions |`: a function that copies its argument and changes the objects the pattern finds.
final class TransformNode: Node, @unchecked Sendable {
    let pattern: Node
    let update: Node
    let deletions: Node?
    let position: Int
    /// Where the update and the deletions stand.
    let updatePosition: Int?
    let deletionsPosition: Int?
    /// The variable `$clone`, which an expression may have for itself.
    let clone: Node

    init(
        _ pattern: Node, _ update: Node, _ deletions: Node?, _ position: Int, updatePosition: Int?,
        deletionsPosition: Int?, clone: Node
    ) {
        self.pattern = pattern
        self.update = update
        self.deletions = deletions
        self.position = position
        self.updatePosition = updatePosition
        self.deletionsPosition = deletionsPosition
        self.clone = clone
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.make(
            FunctionBox(
                kind: .transform, object: UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()), frame: frame,
                first: input
            )
        )
    }

    func apply(_ c: Context, _ target: Value, _ frame: Frame) throws -> Value {
        if target.isUndefined { return .undefined }
        let copy = try copied(c, target, frame)
        let matches = try pattern.evaluate(c, copy, frame)
        if matches.isUndefined { return copy }
        var replaced: [UInt64: Value] = [:]
        for match in c.asArray(matches).elements {
            let current = replaced[match.word] ?? match
            let change = try update.evaluate(c, current, frame)
            var result = current
            if !change.isUndefined {
                guard change.isObject else {
                    throw JSONataError(
                        "T2011", "the update of a transform must be an object", position: updatePosition,
                        value: try c.friendly(change)
                    )
                }
                if match.isObject { result = merged(c, current, change) }
            }
            if let deletions {
                // As in the reference they see the object as the update left it.
                let names = try deletions.evaluate(c, result, frame)
                if !names.isUndefined {
                    for name in c.asArray(names).elements {
                        guard name.isString else {
                            throw JSONataError(
                                "T2012", "what a transform deletes is named by strings", position: deletionsPosition,
                                value: try c.friendly(names)
                            )
                        }
                        if match.isObject { result = removing(c, result, name) }
                    }
                }
            }
            if match.isObject { replaced[match.word] = result }
        }
        return try rebuild(c, copy, replaced)
    }

    /// Objects are immutable here, so a copy with its own members is made that may be written to, found again by the
    /// address of its members.
    private func copied(_ c: Context, _ target: Value, _ frame: Frame) throws -> Value {
        let function = try clone.evaluate(c, .undefined, frame)
        guard function.isFunction else {
            throw JSONataError("T2013", "$clone is not a function here", position: position)
        }
        if function.function.pointee.kind == .native { return try c.clone(target) }
        return try c.clone(try c.call(function, target))
    }

    private func merged(_ c: Context, _ object: Value, _ change: Value) -> Value {
        var builder = ObjectBuilder(capacity: object.count + change.count, in: c.arena)
        for member in object.members { builder.set(member.key, member.value, in: c.arena) }
        for member in change.members { builder.set(member.key, member.value, in: c.arena) }
        return builder.object(in: c.arena)
    }

    private func removing(_ c: Context, _ object: Value, _ name: Value) -> Value {
        var builder = ObjectBuilder(capacity: object.count, in: c.arena)
        for member in object.members where !member.key.sameString(name) {
            builder.add(member.key, member.value, in: c.arena)
        }
        return builder.object(in: c.arena)
    }

    /// The copy with the replaced objects in their places.
    private func rebuild(_ c: Context, _ value: Value, _ replaced: [UInt64: Value]) throws -> Value {
        try c.checkStack()
        switch value.tag {
        case .array:
            for at in 0..<value.count { value.elements[at] = try rebuild(c, value.element(at), replaced) }
            return value
        case .object:
            let object = replaced[value.word] ?? value
            for at in 0..<object.count {
                // A change may hold the object itself; only the copy's own parts are looked into.
                let member = object.members[at].value
                if object.word == value.word || value.members.contains(where: { $0.value.word == member.word }) {
                    object.members[at].value = try rebuild(c, member, replaced)
                }
            }
            return object
        default: return value
        }
    }
}

extension Context {
    /// The language's `$clone`: a copy whose arrays and objects are its own, with what JSON text would make of the rest.
    func clone(_ value: Value) throws -> Value {
        try checkStack()
        switch value.tag {
        case .array where value.has(Value.Flag.outer) && value.count == 1: return try clone(value.element(0))
        case .array:
            try reserve(value.count * 16)
            var builder = ValueBuilder(capacity: value.count, in: arena)
            for item in value.elements {
                builder.append(item.isUndefined ? .null : try clone(item), in: arena)
            }
            return builder.array()
        case .object:
            let members = Value.members(value.count, in: arena)
            for at in 0..<value.count {
                let member = value.members[at]
                members[at] = (member.key, try clone(member.value))
            }
            let copy = Value(members: members, count: value.count)
            if value.count > 64 { ObjectIndex.attach(to: copy, in: arena) }
            return copy
        case .number:
            let number = value.double
            guard !number.isInfinite else { throw JSONataError("D1001", "a number is out of range") }
            let rounded = NumberText.toFifteenDigits(number)
            return number.isNaN ? .null : rounded == number ? value : Value(rounded)
        case .function: return string("")
        default: return value
        }
    }
}
