@_spi(Engine) import JSON

/// Turns the arranged syntax tree into nodes: names to slots, constants to values, frequent shapes to nodes of their own.
struct Compiler {
    let library: FunctionLibrary
    private let constants = Arena(firstChunk: 1 << 8)
    private var hints: Int
    private(set) var globals: [String]
    private var globalNumbers: [String: Int] = [:]
    private var retained: [AnyObject] = []
    var tupleNames: Set<String> = []
    var scope: Scope?
    private let lowest = StackGuard.lowest

    /// - Parameters:
    ///   - scope: what is in scope around the expression, for `$eval`.
    ///   - tupleNames: what steps around the expression bind, for `$eval`.
    ///   - hints: look-up sites that are taken.
    ///   - globals: names that have numbers.
    static func compile(
        _ tree: Syntax, library: FunctionLibrary, scope: Scope? = nil, tupleNames: Set<String> = [], hints: Int = 0,
        globals: [String] = []
    ) throws -> Program {
        var compiler = Compiler(library: library, scope: scope, hints: hints, globals: globals)
        compiler.tupleNames = tupleNames
        do {
            let root = try compiler.top(tree)
            return Program(
                root: root, constants: compiler.constants, hints: compiler.hints, globals: compiler.globals,
                retained: compiler.retained
            )
        } catch {
            compiler.constants.destroy()
            throw error
        }
    }

    private init(library: FunctionLibrary, scope: Scope?, hints: Int, globals: [String]) {
        self.library = library
        self.scope = scope
        self.hints = hints
        self.globals = globals
        for (at, name) in globals.enumerated() { globalNumbers[name] = at }
    }

    mutating func top(_ tree: Syntax) throws -> Node {
        SyntaxWalk.tupleNames(tree, into: &tupleNames)
        let own = Scope(.slots, parent: scope)
        SyntaxWalk.bindings(tree) { own.declare($0) }
        guard own.slots > 0 else { return try compile(tree) }
        let outer = scope
        scope = own
        let body = try compile(tree)
        scope = outer
        return ScopeNode(body, slots: own.slots)
    }

    mutating func site() -> Int {
        hints += 1
        return hints - 1
    }

    mutating func global(_ name: String) -> Int {
        if let known = globalNumbers[name] { return known }
        globals.append(name)
        globalNumbers[name] = globals.count - 1
        return globals.count - 1
    }

    func constant(_ bytes: [UInt8]) -> Value {
        bytes.withUnsafeBufferPointer { Value(copying: $0, in: constants) }
    }

    func constant(_ text: String) -> Value { constant(Array(text.utf8)) }

    func constantFunction(_ kind: FunctionBox.Kind, _ object: AnyObject) -> Value {
        let box = constants.allocate(MemoryLayout<FunctionBox>.stride).assumingMemoryBound(to: FunctionBox.self)
        box.initialize(
            to: FunctionBox(kind: kind, object: UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()))
        )
        return Value(head: UInt64(Tag.function.rawValue), word: UInt64(UInt(bitPattern: box)))
    }

    mutating func inScope<Result>(
        _ inner: Scope, _ body: (inout Compiler) throws -> Result
    ) rethrows -> Result {
        let outer = scope
        scope = inner
        defer { scope = outer }
        return try body(&self)
    }

    // MARK: Expressions

    /// A node with its predicates and grouping, if it is not a path, which sees to its own.
    mutating func compile(_ node: Syntax) throws -> Node {
        guard StackGuard.here > lowest else {
            throw StackExhausted()
        }
        let isPath = node.kind == .path
        let hasGroup = !isPath && node.group != nil
        guard node.predicates != nil || hasGroup else { return try bare(node) }
        let base = try bare(node)
        var filters: [Filter] = []
        for stage in node.predicates ?? [] { filters.append(try filter(stage, inTuple: node.tuple)) }
        let group = hasGroup ? try group(node.group!, inTuple: node.tuple) : nil
        return PredicateNode(base, filters, group, keepArray: node.keepArray)
    }

    mutating func filter(_ stage: Syntax.Stage, inTuple: Bool) throws -> Filter {
        guard case .filter(let predicate, _) = stage else {
            throw JSONataError("S0206", "a position cannot be bound here")
        }
        if predicate.kind == .number {
            let index = Int(max(-1e15, min(1e15, predicate.number.rounded(.down))))
            return Filter(predicate: ConstantNode(Value(predicate.number)), index: index, inTuple: false)
        }
        if inTuple {
            let node = try inScope(Scope(.tuple, parent: scope)) { try $0.compile(predicate) }
            return Filter(predicate: node, index: nil, inTuple: true)
        }
        return Filter(predicate: try compile(predicate), index: nil, inTuple: false)
    }

    mutating func group(_ group: Syntax.Group, inTuple: Bool) throws -> GroupNode {
        func pairs(_ compiler: inout Compiler) throws -> [GroupNode.Pair] {
            var pairs: [GroupNode.Pair] = []
            for (key, value) in group.pairs {
                pairs.append(.init(key: try compiler.compile(key), value: try compiler.compile(value)))
            }
            return pairs
        }
        let compiled = inTuple ? try inScope(Scope(.tuple, parent: scope), pairs) : try pairs(&self)
        return groupNode(compiled, group, inTuple: inTuple)
    }

    func groupNode(_ pairs: [GroupNode.Pair], _ group: Syntax.Group, inTuple: Bool) -> GroupNode {
        GroupNode(
            pairs, group.position, inTuple: inTuple,
            keysAreFree: !group.pairs.contains { ContextUse.uses($0.0, library) },
            valuesAreFree: !group.pairs.contains { ContextUse.uses($0.1, library) }
        )
    }

    mutating func bare(_ node: Syntax) throws -> Node {
        switch node.kind {
        case .string: return ConstantNode(constant(node.bytes))
        case .number: return ConstantNode(Value(node.number))
        case .value:
            switch node.literal {
            case .null: return ConstantNode(.null)
            case .true: return ConstantNode(Value(true))
            case .false: return ConstantNode(Value(false))
            }
        case .name: return NameNode(constant(node.bytes), site: site())
        case .wildcard: return WildcardNode(keepArray: node.keepArray)
        case .descendant: return DescendantNode(keepArray: node.keepArray)
        case .variable: return variable(node)
        case .parent:
            let name = Self.label(node.slot?.label ?? -1)
            let places = scope?.places(of: name, tupleNames: tupleNames) ?? []
            return VariableNode(constant(name), places, global: global(name), native: nil, keepArray: node.keepArray)
        case .regex:
            let flags = RegexFlags(ignoresCase: node.flags.contains("i"), multiline: node.flags.contains("m"))
            let expression = try Self.regex(node, flags)
            retained.append(expression)
            return RegexLiteralNode(expression, constantFunction(.regex, expression))
        case .path: return try path(node)
        case .unary: return try unary(node)
        case .binary: return try binary(node)
        case .bind:
            let value = try compile(node.rhs!)
            guard let place = scope?.binding(of: node.lhs!.text) else { return value }
            return BindNode(hops: place.hops, slot: place.slot, value: value)
        case .block: return try block(node)
        case .condition:
            var links = [(condition: try compile(node.lhs!), then: try compile(node.rhs!))]
            for at in stride(from: 0, to: node.items.count, by: 2) {
                links.append((try compile(node.items[at]), try compile(node.items[at + 1])))
            }
            return ConditionNode(links, try node.other.map { try compile($0) }, keepArray: node.keepArray)
        case .function: return try call(node, prepending: nil, keepArray: node.keepArray)
        case .partial:
            var bound: [Node?] = []
            for item in node.items {
                bound.append(item.kind == .operator && item.text == "?" ? nil : try compile(item))
            }
            return PartialNode(try plainCall(node, [], keepArray: false), bound)
        case .thunk:
            let call = try plainCall(node.rhs!, try node.rhs!.items.map { try compile($0) }, keepArray: false)
            return ThunkNode(call)
        case .lambda: return try lambda(node)
        case .apply:
            if node.rhs!.kind == .function {
                return try call(node.rhs!, prepending: try compile(node.lhs!), keepArray: node.keepArray)
            }
            return ApplyNode(
                try compile(node.lhs!), try compile(node.rhs!), node.position, keepArray: node.keepArray
            )
        case .transform:
            let name = Syntax(.variable, "clone", node.position)
            name.bytes = Array("clone".utf8)
            return TransformNode(
                try compile(node.lhs!), try compile(node.rhs!), try node.other.map { try compile($0) }, node.position,
                updatePosition: node.rhs?.position, deletionsPosition: node.other?.position, clone: variable(name)
            )
        case .sort, .operator, .end, .error:
            throw JSONataError("S0206", "unknown expression", position: node.position, token: node.text)
        }
    }

    private static func regex(_ node: Syntax, _ flags: RegexFlags) throws -> RegularExpression {
        do throws(JSONataError) {
            return try node.bytes.withUnsafeBufferPointer { bytes throws(JSONataError) in
                try RegularExpression(bytes, flags: flags)
            }
        } catch {
            var error = error
            error.position = error.position ?? node.position
            throw error
        }
    }

    static func label(_ number: Int) -> String { "!\(number)" }
}
