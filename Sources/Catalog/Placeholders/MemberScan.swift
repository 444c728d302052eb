/// Finds which members of one top-level name an expression reads, from its text alone.
///
/// It errs on the side of "cannot tell" (nil): the name used whole, wildcards, `$$`, `$eval`, and `$` outside brackets,
/// where it may be the input itself.
struct MemberScan {
    private let text: [Character]
    private var at = 0
    /// Whether the last token ended an operand: tells `/` and `*` the operators from the regex and the wildcard.
    private var afterOperand = false
    private var afterDot = false
    private var brackets = 0

    static func members(of root: String, in source: String) -> Set<String>? {
        var scan = MemberScan(source)
        return scan.members(of: root)
    }

    private init(_ source: String) { text = Array(source) }

    private func peek(_ offset: Int = 0) -> Character? {
        text.indices.contains(at + offset) ? text[at + offset] : nil
    }

    private mutating func members(of root: String) -> Set<String>? {
        var members = Set<String>()
        while let character = peek() {
            let followsDot = afterDot
            switch character {
            case _ where character.isWhitespace: at += 1
            case "/" where peek(1) == "*": skipComment()
            case "\"", "'", "`":
                skipQuoted(character)
                token(operand: true)
            case "/" where !afterOperand:
                skipQuoted("/")
                token(operand: true)
            case "*", "%":
                guard afterOperand else { return nil }
                at += 1
                token(operand: false)
            case _ where character.isLetter || character == "_" || character == "$":
                let name = takeName()
                if name == "$$" || name == "$eval" || (name == "$" && brackets == 0) { return nil }
                let isKeyword = ["and", "or", "in"].contains(name) && afterOperand
                token(operand: !isKeyword)
                guard name == root, !followsDot else { continue }
                guard let member = takeMember() else { return nil }
                members.insert(member)
            case _ where character.isNumber:
                while let next = peek(), next.isNumber || next == "." && peek(1)?.isNumber == true { at += 1 }
                token(operand: true)
            default:
                if character == "[" { brackets += 1 }
                if character == "]" { brackets -= 1 }
                at += 1
                token(operand: "])}".contains(character))
                afterDot = character == "."
            }
        }
        return members
    }

    private mutating func token(operand: Bool) {
        afterOperand = operand
        afterDot = false
    }

    private mutating func takeName() -> String {
        let start = at
        while let next = peek(), next.isLetter || next.isNumber || next == "_" || next == "$" { at += 1 }
        return String(text[start..<at])
    }

    /// `.name` after the root; nil where something else follows.
    private mutating func takeMember() -> String? {
        skipSpace()
        guard peek() == "." else { return nil }
        at += 1
        skipSpace()
        if peek() == "`" {
            let start = at + 1
            skipQuoted("`")
            return String(text[start..<max(start, at - 1)])
        }
        guard let first = peek(), first.isLetter || first == "_" else { return nil }
        return takeName()
    }

    private mutating func skipSpace() { while peek()?.isWhitespace == true { at += 1 } }

    private mutating func skipComment() {
        at += 2
        while at < text.count, !(peek() == "*" && peek(1) == "/") { at += 1 }
        at += 2
    }

    private mutating func skipQuoted(_ quote: Character) {
        at += 1
        while let next = peek(), next != quote { at += next == "\\" ? 2 : 1 }
        at += 1
    }
}
