/// A node of the syntax tree, first as the parser reads it and then as `SyntaxProcessor` arranges it into paths.
final class Syntax {
    enum Kind {
        case name, string, number, value, variable, `operator`, regex
        case binary, unary, path, block, function, partial, lambda, condition, transform, bind, apply
        case wildcard, descendant, parent, sort, thunk, end, error
    }

    struct SortTerm {
        var descending: Bool
        var expression: Syntax
    }

    enum Stage {
        case filter(Syntax, position: Int)
        case index(String)
    }

    final class Group {
        var pairs: [(Syntax, Syntax)]
        var position: Int

        init(pairs: [(Syntax, Syntax)], position: Int) {
            self.pairs = pairs
            self.position = position
        }
    }

    /// Where the value of a `%` is to be kept: `level` counts the steps up that are still to be found.
    final class Slot {
        var label: Int
        var level = 1
        let index: Int

        init(label: Int, index: Int) {
            self.label = label
            self.index = index
        }
    }

    var kind: Kind
    /// The operator, name or literal as written.
    var text: String
    var position: Int
    var bytes: [UInt8] = []
    var number = 0.0
    var literal = Token.Literal.null
    var flags = ""

    var lhs: Syntax?
    var rhs: Syntax?
    /// The third part of a condition or transform.
    var other: Syntax?
    var procedure: Syntax?
    /// Arguments, block expressions, array items, path steps; of a chain of one operator the operands behind the first two;
    /// of a chain of conditions the further conditions, each with what it leads to.
    var items: [Syntax] = []
    var pairs: [(Syntax, Syntax)] = []
    var terms: [SortTerm] = []
    var signature: Signature?
    /// Where the operators of a chain are; empty where there is only one.
    var positions: [Int] = []

    var predicates: [Stage]?
    var stages: [Stage]?
    var group: Group?
    var focus: String?
    var index: String?
    var ancestor: Slot?
    var slot: Slot?
    var seekingParent: [Slot]?
    /// Whether a path carries bindings with its values.
    var tuple = false
    var keepArray = false
    var keepSingletonArray = false
    var constructsArray = false

    /// Where it is, for errors; nil where the parser made it up.
    var place: Int? { position == Token.nowhere ? nil : position }

    init(_ kind: Kind, _ text: String, _ position: Int) {
        self.kind = kind
        self.text = text
        self.position = position
    }

    convenience init(_ token: Token) {
        let kind: Kind =
            switch token.kind {
            case .end: .end
            case .name: .name
            case .variable: .variable
            case .string: .string
            case .number: .number
            case .value: .value
            case .operator: .operator
            case .regex: .regex
            case .error: .error
            }
        self.init(kind, token.text, token.position)
        bytes = token.bytes
        number = token.number
        literal = token.literal
        flags = token.flags
    }

    /// A tree of its own with the same meaning, before it is processed: `a ?: b` stands for `a` twice.
    func copy() -> Syntax {
        let copy = Syntax(kind, text, position)
        copy.bytes = bytes
        copy.number = number
        copy.literal = literal
        copy.flags = flags
        copy.lhs = lhs?.copy()
        copy.rhs = rhs?.copy()
        copy.other = other?.copy()
        copy.procedure = procedure?.copy()
        copy.items = items.map { $0.copy() }
        copy.pairs = pairs.map { ($0.copy(), $1.copy()) }
        copy.terms = terms.map { SortTerm(descending: $0.descending, expression: $0.expression.copy()) }
        copy.signature = signature
        copy.positions = positions
        copy.keepArray = keepArray
        return copy
    }
}
