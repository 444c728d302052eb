/// Walks over syntax trees.
enum SyntaxWalk {
    /// The parts of a node.
    static func children(_ node: Syntax, _ visit: (Syntax) -> Void) {
        for child in [node.lhs, node.rhs, node.other, node.procedure] {
            if let child { visit(child) }
        }
        for item in node.items { visit(item) }
        for (key, value) in node.pairs {
            visit(key)
            visit(value)
        }
        for term in node.terms { visit(term.expression) }
        for case .filter(let predicate, _) in (node.predicates ?? []) + (node.stages ?? []) { visit(predicate) }
        for (key, value) in node.group?.pairs ?? [] {
            visit(key)
            visit(value)
        }
    }

    /// The variables assigned to in the scope that `node` stands in: not those of blocks and functions inside it.
    static func bindings(_ node: Syntax, _ found: (String) -> Void) {
        if node.kind == .bind, let name = node.lhs?.text { found(name) }
        if node.kind == .block {
            for case .filter(let predicate, _) in (node.predicates ?? []) + (node.stages ?? []) {
                bindings(predicate, found)
            }
            for (key, value) in node.group?.pairs ?? [] {
                bindings(key, found)
                bindings(value, found)
            }
            return
        }
        if node.kind == .lambda { return }
        children(node) { bindings($0, found) }
    }

    /// The variables that one assignment binds, and nothing else: no further one, no parameter, no step.
    static func namesBoundOnce(_ tree: Syntax) -> Set<String> {
        var counts: [String: Int] = [:]
        func count(_ node: Syntax) {
            if node.kind == .bind, let name = node.lhs?.text { counts[name, default: 0] += 1 }
            if node.kind == .lambda { for parameter in node.items { counts[parameter.text, default: 0] += 2 } }
            children(node, count)
        }
        count(tree)
        var others: Set<String> = []
        tupleNames(tree, into: &others)
        return Set(counts.filter { $0.value == 1 && !others.contains($0.key) }.keys)
    }

    /// All names that steps bind: focus, position and ancestor labels.
    static func tupleNames(_ node: Syntax, into names: inout Set<String>) {
        if let focus = node.focus { names.insert(focus) }
        if let index = node.index { names.insert(index) }
        if let ancestor = node.ancestor { names.insert("!\(ancestor.label)") }
        for case .index(let name) in node.stages ?? [] { names.insert(name) }
        var found: Set<String> = []
        children(node) { tupleNames($0, into: &found) }
        names.formUnion(found)
    }

    /// The number of nodes, counted no further than `limit`.
    static func size(_ node: Syntax, atMost limit: Int) -> Int {
        var count = 1
        children(node) { if count < limit { count += size($0, atMost: limit - count) } }
        return count
    }

    /// The parts of a node that are evaluated in its own context: not its predicates and grouping.
    static func operands(_ node: Syntax, _ visit: (Syntax) -> Void) {
        for child in [node.lhs, node.rhs, node.other] {
            if let child { visit(child) }
        }
        for item in node.items { visit(item) }
        for (key, value) in node.pairs {
            visit(key)
            visit(value)
        }
        for term in node.terms { visit(term.expression) }
    }
}
