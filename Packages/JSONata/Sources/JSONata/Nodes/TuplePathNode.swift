@_spi(Engine) import JSON

/// A path with steps that bind variables (`@$v`, `#$i`) or that a `%` looks back to.
final class TuplePathNode: Node, @unchecked Sendable {
    enum Stage {
        case filter(Filter)
        case index(Value)
    }

    struct Step: Sendable {
        let node: Node
        let stages: [Stage]
        /// Whether the step, or one before it, carries tuples.
        let tuple: Bool
        let focus: Value?
        let index: Value?
        let ancestor: Value?
        let isSort: Bool
        let constructsArray: Bool
    }

    let steps: [Step]
    let group: GroupNode?
    let keepSingleton: Bool
    let keepArray: Bool
    let startsAtVariable: Bool
    /// Whether the tuples are for a path around this one.
    let passesTuples: Bool

    init(
        _ steps: [Step], _ group: GroupNode?, keepSingleton: Bool, keepArray: Bool, startsAtVariable: Bool,
        passesTuples: Bool
    ) {
        self.steps = steps
        self.group = group
        self.keepSingleton = keepSingleton
        self.keepArray = keepArray
        self.startsAtVariable = startsAtVariable
        self.passesTuples = passesTuples
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        defer { c.leave() }
        var values = input.isArray && !startsAtVariable ? input : c.sequence(of: input)
        var tuples: Value?
        walking: for (at, step) in steps.enumerated() {
            if at == 0, step.constructsArray {
                // A step that binds something was compiled to stand inside a tuple's frame; there is no tuple yet.
                var scope = frame
                if step.tuple {
                    scope = c.frame(slots: 1, parent: frame)
                    scope[0] = .undefined
                }
                let made = try step.node.evaluate(c, values, scope)
                // A step that binds the focus does not move.
                if step.focus != nil { continue walking }
                if made.isUndefined { return .undefined }
                values = c.asArray(made)
                if values.count == 0, !step.tuple { break walking }
            } else if step.tuple {
                tuples = try carry(c, step, values, tuples, frame)
            } else {
                values = try plain(c, step, values, frame, isLast: at == steps.count - 1)
                if values.count == 0 { break walking }
            }
        }
        var result = values
        if let tuples {
            if passesTuples {
                result = tuples
            } else {
                var builder = ValueBuilder(capacity: tuples.count, in: c.arena)
                for tuple in tuples.elements { builder.append(Tuple.context(of: tuple), in: c.arena) }
                result = builder.array(Value.Flag.sequence)
            }
        }
        if keepSingleton { result = PathNode.keepingSingleton(c, result) }
        guard let group else { return result }
        // As in the reference, steps that bind something and find nothing give no groups, where other steps give one.
        if let tuples, tuples.count == 0 { return .emptyObject(in: c.arena) }
        return try group.group(c, tuples ?? result, frame)
    }

    private func plain(_ c: Context, _ step: Step, _ input: Value, _ frame: Frame, isLast: Bool) throws -> Value {
        func filtered(_ value: Value) throws -> Value {
            var value = value
            for case .filter(let filter) in step.stages { value = try filter.apply(c, value, frame) }
            return value
        }
        if step.isSort { return try filtered(try step.node.evaluate(c, input, frame)) }
        var builder = ValueBuilder()
        var found: [Value] = []
        for item in input.elements {
            let value = try filtered(try step.node.evaluate(c, item, frame))
            if !value.isUndefined { found.append(value) }
        }
        if isLast, found.count == 1, found[0].isArray, !found[0].isSequence { return found[0] }
        for value in found {
            if value.isArray, !value.has(Value.Flag.constructed) {
                builder.append(contentsOf: value.elements, in: c.arena)
            } else {
                builder.append(value, in: c.arena)
            }
        }
        try c.checkSequence(builder.count)
        return builder.array(Value.Flag.sequence)
    }

    private func carry(
        _ c: Context, _ step: Step, _ values: Value, _ tuples: Value?, _ frame: Frame
    ) throws -> Value {
        let flags = Value.Flag.sequence | Value.Flag.tuples
        if step.isSort {
            if let tuples { return try staged(c, step, try step.node.evaluate(c, tuples, frame), frame) }
            let plain = try step.node.evaluate(c, values, frame)
            var builder = ValueBuilder(capacity: plain.count, in: c.arena)
            for (at, value) in plain.elements.enumerated() {
                var tuple = Tuple.make(c, value)
                if let index = step.index { tuple = Tuple.extended(c, tuple, [(index, Value(Double(at)))]) }
                builder.append(tuple, in: c.arena)
            }
            return try staged(c, step, builder.array(flags), frame)
        }
        let incoming: Value
        if let tuples {
            incoming = tuples
        } else {
            var builder = ValueBuilder(capacity: values.count, in: c.arena)
            for value in values.elements { builder.append(Tuple.make(c, value), in: c.arena) }
            incoming = builder.array(flags)
        }
        var builder = ValueBuilder()
        for tuple in incoming.elements {
            try c.tick()
            let context = Tuple.context(of: tuple)
            let scope = c.frame(slots: 1, parent: frame)
            scope[0] = tuple
            let found = try step.node.evaluate(c, context, scope)
            if found.isUndefined { continue }
            let carriesTuples = found.isArray && found.has(Value.Flag.tuples)
            let items = found.isArray ? found : c.sequence(of: found)
            for (at, item) in items.elements.enumerated() {
                if carriesTuples {
                    builder.append(Tuple.merged(c, tuple, item), in: c.arena)
                    continue
                }
                var more: [(key: Value, value: Value)] = []
                if let focus = step.focus {
                    more.append((focus, item))
                    more.append((Tuple.key, context))
                } else {
                    more.append((Tuple.key, item))
                }
                if let index = step.index { more.append((index, Value(Double(at)))) }
                if let ancestor = step.ancestor { more.append((ancestor, context)) }
                builder.append(Tuple.extended(c, tuple, more), in: c.arena)
            }
            try c.checkSequence(builder.count)
        }
        return try staged(c, step, builder.array(flags), frame)
    }

    private func staged(_ c: Context, _ step: Step, _ tuples: Value, _ frame: Frame) throws -> Value {
        var result = tuples
        for stage in step.stages {
            switch stage {
            case .filter(let filter): result = try filter.apply(c, result, frame)
            case .index(let name):
                var builder = ValueBuilder(capacity: result.count, in: c.arena)
                for (at, tuple) in result.elements.enumerated() {
                    builder.append(Tuple.extended(c, tuple, [(name, Value(Double(at)))]), in: c.arena)
                }
                result = builder.array(result.head & (Value.Flag.sequence | Value.Flag.tuples))
            }
        }
        return result
    }
}
