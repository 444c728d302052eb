@_spi(Engine) import JSON

/// A step of a path.
final class Step: Sendable {
    let node: Node
    let filters: [Filter]
    /// Whether there are none: asked far more often than they are used.
    let isBare: Bool
    /// Whether the step is a plain name; then `key` and `site` are its own.
    let isName: Bool
    let key: Value
    let site: Int
    let constructsArray: Bool
    let isSort: Bool

    init(_ node: Node, _ filters: [Filter], name: NameNode?, constructsArray: Bool, isSort: Bool) {
        self.node = node
        self.filters = filters
        isBare = filters.isEmpty
        isName = name != nil
        key = name?.key ?? .undefined
        site = name?.site ?? 0
        self.constructsArray = constructsArray
        self.isSort = isSort
    }
}

/// A path whose steps carry no bindings.
final class PathNode: Node, @unchecked Sendable {
    let steps: [Step]
    private let references: Refs<Step>
    let group: GroupNode?
    let keepSingleton: Bool
    let keepArray: Bool
    /// A path that starts at a variable does not iterate over the context.
    let startsAtVariable: Bool

    init(_ steps: [Step], _ group: GroupNode?, keepSingleton: Bool, keepArray: Bool, startsAtVariable: Bool) {
        self.steps = steps
        references = Refs(steps)
        self.group = group
        self.keepSingleton = keepSingleton
        self.keepArray = keepArray
        self.startsAtVariable = startsAtVariable
    }

    deinit { references.deallocate() }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var result = try walk(c, input, frame)
        if keepSingleton { result = Self.keepingSingleton(c, result) }
        // A single value is a sequence of one where `[]` asks for the array.
        if keepArray, group == nil, !result.isArray, !result.isUndefined { result = c.sequence(of: result) }
        if let group { result = try group.group(c, result, frame) }
        c.leave()
        return result
    }

    static func keepingSingleton(_ c: Context, _ value: Value) -> Value {
        if value.isUndefined { return value }
        var value = value
        if !value.isArray || value.has(Value.Flag.constructed) && !value.isSequence { value = c.sequence(of: value) }
        return value.with(Value.Flag.keepSingleton)
    }

    /// The value of the steps: one value, or an array (a sequence unless the last step gave a plain one).
    private func walk(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        var current = input
        // Whether `current` is the array of the values that the next step is evaluated for, or the one such value.
        var many = input.isArray && !startsAtVariable
        let last = references.count - 1
        for at in 0...last {
            let goesOn = try references[at]._withUnsafeGuaranteedRef { step in
                try take(c, step, &current, &many, frame, isFirst: at == 0, isLast: at == last)
            }
            if !goesOn { return current }
        }
        return many || !current.isArray ? current : c.sequence(of: current)
    }

    /// Takes one step. False when nothing is left to go on with; `current` is the result then.
    @inline(__always)
    private func take(
        _ c: Context, _ step: Step, _ current: inout Value, _ many: inout Bool, _ frame: Frame, isFirst: Bool,
        isLast: Bool
    ) throws -> Bool {
        if step.isName, !many, step.isBare {
            // One value and a name: no sequence is needed unless the member is an array.
            let found =
                current.isObject
                ? current.member(step.key, hint: c.hint(step.site)) : try c.lookup(current, step.key, step.site)
            (current, many) = Self.continued(found, isLast: isLast)
        } else if isFirst, step.constructsArray {
            current = try step.node.evaluate(c, many ? current : c.sequence(of: current), frame)
            many = current.isArray
        } else if step.isSort {
            if many { current = try step.node.evaluate(c, current, frame) }
            for filter in step.filters {
                current = try filter.apply(c, current, frame)
                many = true
            }
        } else if many {
            current = try iterate(c, step, current, frame, isLast: isLast)
        } else {
            var found = try step.node.evaluate(c, current, frame)
            if !step.isBare { for filter in step.filters { found = try filter.apply(c, found, frame) } }
            (current, many) = Self.continued(found, isLast: isLast)
        }
        return many ? current.count > 0 : !current.isUndefined
    }

    /// What a step's single result is to the next step.
    @inline(__always)
    private static func continued(_ found: Value, isLast: Bool) -> (Value, Bool) {
        guard found.isArray, !found.has(Value.Flag.constructed) else {
            if isLast, found.isArray, !found.isSequence { return (found, true) }
            return (found, false)
        }
        if isLast, !found.isSequence { return (found, true) }
        return (found.without(Value.Flag.all).with(Value.Flag.sequence), true)
    }

    private func iterate(_ c: Context, _ step: Step, _ input: Value, _ frame: Frame, isLast: Bool) throws -> Value {
        var builder = ValueBuilder()
        var results = 0
        var first = Value.undefined
        for item in input.elements {
            try c.tick()
            var found: Value
            if step.isName {
                found =
                    item.isObject
                    ? item.member(step.key, hint: c.hint(step.site)) : c.unwrap(try c.lookup(item, step.key, step.site))
            } else {
                found = try step.node.evaluate(c, item, frame)
            }
            if !step.isBare { for filter in step.filters { found = try filter.apply(c, found, frame) } }
            if found.isUndefined { continue }
            results += 1
            if results == 1 { first = found }
            if found.isArray, !found.has(Value.Flag.constructed) {
                builder.append(contentsOf: found.elements, in: c.arena)
            } else {
                builder.append(found, in: c.arena)
            }
        }
        // A plain array that is all there is stays as it is.
        if isLast, results == 1, first.isArray, !first.isSequence { return first }
        try c.checkSequence(builder.count)
        return builder.array(Value.Flag.sequence)
    }
}

/// A chain of names from a variable or the context, as in `$c.stage.name`: most paths of a mapping.
final class NamePathNode: Node, @unchecked Sendable {
    let root: Node?
    private let keys: UnsafeMutablePointer<(key: Value, site: Int)>
    private let count: Int
    /// Does the same when an array turns up.
    let general: PathNode

    init(_ root: Node?, _ keys: [(key: Value, site: Int)], general: PathNode) {
        self.root = root
        count = keys.count
        self.keys = .allocate(capacity: keys.count)
        for (at, key) in keys.enumerated() { (self.keys + at).initialize(to: key) }
        self.general = general
    }

    deinit { keys.deallocate() }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        var current = root == nil ? input : try root.unsafelyUnwrapped.evaluate(c, input, frame)
        for at in 0..<count {
            guard current.isObject else {
                if current.isArray || current.tag == .host { return try general.evaluate(c, input, frame) }
                return .undefined
            }
            current = current.member(keys[at].key, hint: c.hint(keys[at].site))
        }
        return current
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let value = try evaluate(c, input, frame)
        // A single value and the sequence of it are the same to predicates and groupings, unless it is an array.
        return value.isArray ? try general.raw(c, input, frame) : value
    }
}
