@_spi(Engine) import JSON

/// A part of a compiled expression. Immutable once compiled, so that threads share it; all state is in the context.
class Node: @unchecked Sendable {
    // Sendable because subclasses store only `let` properties, or properties that the compiler sets before it hands
    // the program out.

    /// The value in the context value `input`, with a sequence of one replaced by its item.
    func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        preconditionFailure("every kind of node evaluates")
    }

    /// The value before that replacement: what predicates and groupings work on.
    func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try evaluate(c, input, frame)
    }

    /// The value if it is known when compiling.
    var constant: Value? { nil }
}

final class ConstantNode: Node, @unchecked Sendable {
    // Points into the program's constant memory, which is never written after compilation.
    let value: Value
    init(_ value: Value) { self.value = value }
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) -> Value { value }
    override var constant: Value? { value }
}

/// `$`, the context value.
final class ContextNode: Node, @unchecked Sendable {
    let keepArray: Bool
    init(keepArray: Bool) { self.keepArray = keepArray }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) -> Value {
        let value = input.has(Value.Flag.outer) && input.isArray ? input.element(0) : input
        return c.unwrap(value, keepArray: keepArray)
    }
}

/// `$$`, the input document.
final class RootNode: Node, @unchecked Sendable {
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) -> Value { c.state.pointee.root }
}

/// A name as a step on its own: the member of an object, or of each object of an array.
final class NameNode: Node, @unchecked Sendable {
    let key: Value
    let site: Int

    init(_ key: Value, site: Int) {
        self.key = key
        self.site = site
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        if input.isObject { return input.member(key, hint: c.hint(site)) }
        return c.unwrap(try raw(c, input, frame))
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.lookup(input, key, site)
    }
}

extension Context {
    /// The member `key` of an object; of an array, the members of its items in one sequence.
    func lookup(_ input: Value, _ key: Value, _ site: Int) throws -> Value {
        switch input.tag {
        case .object: return input.member(key, hint: hint(site))
        case .array:
            var builder = ValueBuilder()
            for item in input.elements {
                let found = item.isArray ? try lookupDeeper(item, key, site) : try lookup(item, key, site)
                if found.isArray {
                    builder.append(contentsOf: found.elements, in: arena)
                } else if !found.isUndefined {
                    builder.append(found, in: arena)
                }
            }
            try checkSequence(builder.count)
            return builder.array(Value.Flag.sequence)
        case .host: return try hostObject(input)?.member(key, self) ?? .undefined
        default: return .undefined
        }
    }

    private func lookupDeeper(_ input: Value, _ key: Value, _ site: Int) throws -> Value {
        try checkStack()
        return try lookup(input, key, site)
    }
}

/// `*`: the values of an object's members, arrays flattened.
final class WildcardNode: Node, @unchecked Sendable {
    let keepArray: Bool
    init(keepArray: Bool) { self.keepArray = keepArray }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        var input = input
        if input.isArray, input.has(Value.Flag.outer), input.count > 0 { input = input.element(0) }
        var builder = ValueBuilder()
        // Once an array was appended the result is no longer a sequence, as in the reference.
        var flags = Value.Flag.sequence
        func add(_ value: Value) throws {
            if value.isArray {
                var flat = ValueBuilder()
                try c.flatten(value, into: &flat)
                // A sequence that is still empty takes the array over as it is.
                builder.append(contentsOf: flat.array().elements, in: c.arena)
                flags = 0
            } else {
                builder.append(value, in: c.arena)
            }
        }
        if input.isObject {
            for member in input.members { try add(member.value) }
        } else if input.isArray {
            for item in input.elements { try add(item) }
            // In the reference the mark of a sequence is a member of it like the others.
            if input.isSequence, !input.has(Value.Flag.outer) { try add(Value(true)) }
        }
        try c.checkSequence(builder.count)
        return builder.array(flags)
    }
}

extension Context {
    /// Appends the items of `value`, however deep the arrays in it nest.
    func flatten(_ value: Value, into builder: inout ValueBuilder) throws {
        try checkStack()
        guard value.isArray else { return builder.append(value, in: arena) }
        for item in value.elements {
            if item.isArray { try flatten(item, into: &builder) } else { builder.append(item, in: arena) }
        }
    }
}

/// `**`: the value and everything below it.
final class DescendantNode: Node, @unchecked Sendable {
    let keepArray: Bool
    init(keepArray: Bool) { self.keepArray = keepArray }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        guard !input.isUndefined else { return .undefined }
        var builder = ValueBuilder()
        try gather(c, input, &builder)
        try c.checkSequence(builder.count)
        return builder.count == 1 ? builder.array().element(0) : builder.array(Value.Flag.sequence)
    }

    private func gather(_ c: Context, _ value: Value, _ builder: inout ValueBuilder) throws {
        try c.checkStack()
        try c.tick()
        if !value.isArray { builder.append(value, in: c.arena) }
        if value.isArray {
            for item in value.elements { try gather(c, item, &builder) }
        } else if value.isObject {
            for member in value.members { try gather(c, member.value, &builder) }
        }
    }
}
