@_spi(Engine) import JSON

/// What is remembered of an expression's syntax, for questions about it.
struct SyntaxFacts: Sendable {
    /// Members read of each top-level member of the input; a nil value says it may be read whole.
    private let reads: [String: Set<String>?]
    /// The same of each member of those.
    private let inner: [[String]: Set<String>?]
    /// Whether the input may be read in ways that cannot be followed.
    private let opaque: Bool
    /// The top-level members of the input that are read; nil where that is not known.
    let membersRead: Set<String>?

    init(_ tree: Syntax) {
        var reader = InputReads(following: SyntaxWalk.namesBoundOnce(tree))
        reader.read(tree, .input)
        reads = reader.reads
        inner = reader.inner
        opaque = reader.opaque
        membersRead = opaque ? nil : Set(reads.keys)
    }

    func membersRead(of root: String) -> Set<String>? {
        if opaque { return nil }
        guard let known = reads[root] else { return [] }
        return known
    }

    func membersRead(of root: String, in member: String) -> Set<String>? {
        guard let members = membersRead(of: root) else { return nil }
        return members.contains(member) ? inner[[root, member]] ?? [] : []
    }
}

/// Follows where the input goes through an expression, giving up where it cannot tell.
private struct InputReads {
    /// What the context value is at a place.
    enum Context {
        case input
        /// A top-level member of the input.
        case member(String)
        /// A member of that.
        case inner(String, String)
        /// Something below that, or made otherwise: reading it reads no more of the input.
        case other
    }

    var reads: [String: Set<String>?] = [:]
    var inner: [[String]: Set<String>?] = [:]
    var opaque = false
    /// Variables that are bound in one place, so that each use stands for what is bound there.
    private let followed: Set<String>
    /// What those that were bound so far stand for.
    private var variables: [String: Context] = [:]

    init(following names: Set<String>) { followed = names }

    private mutating func whole(_ context: Context) {
        switch context {
        case .input: opaque = true
        case .member(let name): reads[name] = .some(nil)
        case .inner(let root, let name): inner[[root, name]] = .some(nil)
        case .other: break
        }
    }

    /// Notes a read of the member `name` of `context`.
    private mutating func step(_ name: String, from context: Context) -> Context {
        switch context {
        case .input:
            if reads[name] == nil { reads[name] = .some([]) }
            return .member(name)
        case .member(let root):
            if let known = reads[root], var names = known {
                names.insert(name)
                reads[root] = names
            }
            if inner[[root, name]] == nil { inner[[root, name]] = .some([]) }
            return .inner(root, name)
        case .inner(let root, let member):
            if let known = inner[[root, member]], var names = known {
                names.insert(name)
                inner[[root, member]] = names
            }
            return .other
        case .other: return .other
        }
    }

    /// Reads all of `node` with its value used whole.
    mutating func read(_ node: Syntax, _ context: Context) { whole(value(node, context)) }

    /// What the value of `node` is; everything read on the way is noted.
    private mutating func value(_ node: Syntax, _ context: Context) -> Context {
        var result = bare(node, context)
        result = after(node, result)
        return result
    }

    /// Predicates, grouping and order of a node or step.
    private mutating func after(_ node: Syntax, _ result: Context) -> Context {
        for case .filter(let predicate, _) in (node.predicates ?? []) + (node.stages ?? []) { read(predicate, result) }
        if let group = node.group {
            for (key, value) in group.pairs {
                read(key, result)
                read(value, result)
            }
            return .other
        }
        return result
    }

    private mutating func bare(_ node: Syntax, _ context: Context) -> Context {
        switch node.kind {
        case .string, .number, .value, .regex, .operator, .end, .error: return .other
        case .name: return step(node.text, from: context)
        case .variable:
            if node.text.isEmpty { return context }
            if node.text == "$" { return .input }
            guard followed.contains(node.text) else { return .other }
            if let bound = variables[node.text] { return bound }
            // Used ahead of its binding, as by a function that is called behind it.
            opaque = true
            return .other
        case .wildcard, .descendant, .parent:
            // A parent may be anything around.
            if node.kind == .parent { opaque = true }
            whole(context)
            return .other
        case .path:
            var current = context
            for item in node.items {
                if item.focus != nil {
                    // Bound to a variable, which is not followed; the next step still reads from here.
                    whole(value(item, current))
                    continue
                }
                if item.kind == .sort {
                    for term in item.terms { read(term.expression, current) }
                } else if item.kind == .path || item.kind == .name || item.kind == .variable {
                    current = value(item, current)
                    continue
                } else {
                    let next = value(item, current)
                    current = next
                    continue
                }
                current = after(item, current)
            }
            return current
        case .block:
            var result = Context.other
            for item in node.items { result = value(item, context) }
            return result
        case .bind where node.lhs.map { followed.contains($0.text) } == true:
            // A function may call itself.
            if node.rhs!.kind == .lambda { variables[node.lhs!.text] = .other }
            let bound = value(node.rhs!, context)
            variables[node.lhs!.text] = bound
            return bound
        case .condition:
            // A test of truth reads the value, though nothing of it is passed on.
            read(node.lhs!, context)
            read(node.rhs!, context)
            for item in node.items { read(item, context) }
            if let other = node.other { read(other, context) }
            return .other
        case .lambda:
            read(node.rhs!, context)
            return .other
        case .function, .partial:
            if node.procedure?.kind == .variable, node.procedure?.text == "eval" { opaque = true }
            if let procedure = node.procedure { read(procedure, context) }
            if takesContext(node, context) { whole(context) }
            for item in node.items { read(item, context) }
            return .other
        case .binary, .unary, .bind, .apply, .transform, .sort, .thunk:
            SyntaxWalk.operands(node) { self.read($0, context) }
            return .other
        }
    }

    /// Whether a call may be completed with the context value: its first argument is missing, or is of another type.
    private func takesContext(_ call: Syntax, _ context: Context) -> Bool {
        guard let procedure = call.procedure, procedure.kind == .variable,
            let parameters = FunctionLibrary.standard.functions[procedure.text]?.signature?.parameters
        else { return call.items.isEmpty }
        guard let types = parameters.first?.context else { return false }
        // The input is an object, which a parameter of simple type does not take.
        if case .input = context, types.isDisjoint(with: [.object, .array]) { return false }
        let required = parameters.dropFirst().count { !$0.optional }
        guard let first = call.items.first, call.items.count > required else { return true }
        return switch first.kind {
        case .number: !types.contains(.number)
        case .string: !types.contains(.string)
        case .value: !types.contains(first.literal == .null ? .null : .boolean)
        case .lambda, .regex: !types.contains(.function)
        default: false
        }
    }
}
