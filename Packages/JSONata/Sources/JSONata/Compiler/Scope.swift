/// The variables that a block, a function or a step with bindings declares, while compiling.
final class Scope {
    enum Kind { case slots, tuple }

    let kind: Kind
    let parent: Scope?
    private(set) var names: [String: Int] = [:]
    /// Names that hold a value from the start: parameters.
    private var certain: Set<String> = []

    init(_ kind: Kind, parent: Scope?) {
        self.kind = kind
        self.parent = parent
    }

    var slots: Int { kind == .tuple ? 1 : count }
    private var count = 0

    func declare(_ name: String, certain: Bool = false) {
        if certain {
            // Of two parameters of one name the last counts; both take up a slot.
            names[name] = count
            count += 1
            self.certain.insert(name)
        } else if names[name] == nil {
            names[name] = count
            count += 1
        }
    }

    /// Where `name` may be found, innermost first.
    func places(of name: String, tupleNames: Set<String>) -> [VariablePlace] {
        var places: [VariablePlace] = []
        var scope: Scope? = self
        var hops = 0
        while let current = scope {
            switch current.kind {
            case .slots:
                if let slot = current.names[name] {
                    let certain = current.certain.contains(name)
                    places.append(VariablePlace(hops: hops, kind: .slot(slot), certain: certain))
                    if certain { return places }
                }
            case .tuple:
                if tupleNames.contains(name) { places.append(VariablePlace(hops: hops, kind: .tuple)) }
            }
            hops += 1
            scope = current.parent
        }
        return places
    }

    /// Where `$name := …` stores, and a slot beside it that keeps a value until it may be seen.
    func heldBinding(of name: String) -> HeldBinding? {
        var scope: Scope? = self
        var hops = 0
        while let current = scope {
            if current.kind == .slots, let slot = current.names[name] {
                // No variable can have a name with this character.
                current.declare(name + "!")
                return current.names[name + "!"].map { HeldBinding(hops: hops, slot: slot, held: $0) }
            }
            hops += 1
            scope = current.parent
        }
        return nil
    }

    /// Where `$name := …` stores.
    func binding(of name: String) -> (hops: Int, slot: Int)? {
        var scope: Scope? = self
        var hops = 0
        while let current = scope {
            if current.kind == .slots, let slot = current.names[name] { return (hops, slot) }
            hops += 1
            scope = current.parent
        }
        return nil
    }
}
