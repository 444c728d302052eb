/// Reads a pattern as JavaScript does without the `u` flag, annex B's leniencies included (ECMA-262 §22.2.1, §B.1.2).
struct RegexParser {
    let units: [UInt16]
    var at = 0
    let ignoresCase: Bool
    private(set) var captureCount = 0
    /// Group names in the order of their groups.
    private(set) var names: [(name: [UInt16], group: Int)] = []
    private let totalCaptures: Int
    private let hasNames: Bool
    private var depth = 0

    /// Parsing and compiling recurse over groups; this keeps them well within a small thread's stack.
    private static let deepest = 200

    init(units: [UInt16], ignoresCase: Bool) {
        self.units = units
        self.ignoresCase = ignoresCase
        (totalCaptures, hasNames) = Self.countCaptures(units)
    }

    mutating func parse() throws(JSONataError) -> RegexNode {
        let node = try choice()
        if at < units.count { throw fault("unmatched ')'") }
        return node
    }

    func fault(_ reason: String) -> JSONataError {
        JSONataError("S0303", "Invalid regular expression: \(reason)", position: at)
    }

    // MARK: Characters

    var peek: UInt16? { at < units.count ? units[at] : nil }

    func peeks(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= units.count else { return false }
        for offset in 0..<count where units[at + offset] != UInt16(text.utf8Start[offset]) { return false }
        return true
    }

    mutating func skip(_ text: StaticString) -> Bool {
        guard peeks(text) else { return false }
        at += text.utf8CodeUnitCount
        return true
    }

    // MARK: Structure

    private mutating func choice() throws(JSONataError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw fault("groups are nested too deeply") }
        var branches = [try sequence()]
        while skip("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(JSONataError) -> RegexNode {
        var items: [RegexNode] = []
        while let unit = peek, unit != UInt16(ascii: "|"), unit != UInt16(ascii: ")") {
            items.append(try term())
        }
        switch items.count {
        case 0: return .empty
        case 1: return items[0]
        default: return .sequence(items)
        }
    }

    private mutating func term() throws(JSONataError) -> RegexNode {
        if skip("^") { return .lineStart }
        if skip("$") { return .lineEnd }
        if skip("\\b") { return .wordBoundary(negated: false) }
        if skip("\\B") { return .wordBoundary(negated: true) }
        let firstInside = captureCount + 1
        let node: RegexNode
        if skip("(?<=") {
            return .look(try group(), ahead: false, negated: false)
        } else if skip("(?<!") {
            return .look(try group(), ahead: false, negated: true)
        } else if skip("(?=") {
            node = .look(try group(), ahead: true, negated: false)
        } else if skip("(?!") {
            node = .look(try group(), ahead: true, negated: true)
        } else if skip("(?:") {
            node = try group()
        } else if skip("(?<") {
            node = try named()
        } else if skip("(?") {
            throw fault("invalid group")
        } else if skip("(") {
            captureCount += 1
            let index = captureCount
            node = .capture(try group(), index: index)
        } else {
            node = try atom()
        }
        return try quantified(node, firstInside: firstInside)
    }

    private mutating func group() throws(JSONataError) -> RegexNode {
        let body = try choice()
        guard skip(")") else { throw fault("unterminated group") }
        return body
    }

    private mutating func named() throws(JSONataError) -> RegexNode {
        let name = try groupName()
        if names.contains(where: { $0.name == name }) { throw fault("duplicate capture group name") }
        captureCount += 1
        let index = captureCount
        names.append((name, index))
        return .capture(try group(), index: index)
    }

    mutating func groupName() throws(JSONataError) -> [UInt16] {
        var name: [UInt16] = []
        while let unit = peek, unit != UInt16(ascii: ">") {
            let isDigit = CodeUnitSet.digits.contains(unit)
            let isName = CodeUnitSet.word.contains(unit) || unit == UInt16(ascii: "$") || unit >= 0x80
            guard isName, !(name.isEmpty && isDigit) else { throw fault("invalid capture group name") }
            name.append(unit)
            at += 1
        }
        guard skip(">"), !name.isEmpty else { throw fault("invalid capture group name") }
        return name
    }

    private mutating func quantified(_ node: RegexNode, firstInside: Int) throws(JSONataError) -> RegexNode {
        guard var loop = try quantifier() else { return node }
        loop.lazy = skip("?")
        let start = at
        if try quantifier() != nil {
            at = start
            throw fault("nothing to repeat")
        }
        return .loop(node, loop, captures: firstInside <= captureCount ? firstInside...captureCount : nil)
    }

    private mutating func quantifier() throws(JSONataError) -> RegexLoop? {
        if skip("*") { return RegexLoop(least: 0, most: RegexLoop.unlimited, lazy: false) }
        if skip("+") { return RegexLoop(least: 1, most: RegexLoop.unlimited, lazy: false) }
        if skip("?") { return RegexLoop(least: 0, most: 1, lazy: false) }
        guard peeks("{") else { return nil }
        let start = at
        at += 1
        if let least = decimal() {
            var most = least
            if skip(",") { most = decimal() ?? RegexLoop.unlimited }
            if skip("}") {
                if most < least { throw fault("numbers out of order in {} quantifier") }
                return RegexLoop(least: least, most: most, lazy: false)
            }
        }
        at = start
        return nil
    }

    /// Digits as a number, capped at "no limit"; nil where there are none.
    mutating func decimal() -> Int? {
        guard let first = peek, CodeUnitSet.digits.contains(first) else { return nil }
        var value = 0
        while let unit = peek, CodeUnitSet.digits.contains(unit) {
            value = min(value * 10 + Int(unit - 0x30), RegexLoop.unlimited)
            at += 1
        }
        return value
    }

    // MARK: Atoms

    private mutating func atom() throws(JSONataError) -> RegexNode {
        if skip(".") { return .set(.dot) }
        if skip("[") { return .set(try characterClass()) }
        if peeks("*") || peeks("+") || peeks("?") { throw fault("nothing to repeat") }
        if peeks("{") {
            let start = at
            if try quantifier() != nil {
                at = start
                throw fault("nothing to repeat")
            }
        }
        if skip("\\") { return try escape() }
        defer { at += 1 }
        return .unit(units[at])
    }

    private mutating func escape() throws(JSONataError) -> RegexNode {
        guard let unit = peek else { throw fault("\\ at end of pattern") }
        if let set = classEscape(unit) {
            at += 1
            return .set(ignoresCase ? CaseFolding.closure(of: set) : set)
        }
        if unit == UInt16(ascii: "k"), hasNames {
            at += 1
            guard skip("<") else { throw fault("invalid named reference") }
            let name = try groupName()
            guard let index = Self.group(named: name, in: units) else { throw fault("invalid named capture referenced") }
            return .backReference(index)
        }
        if unit >= 0x31, unit <= 0x39 {
            let start = at
            if let index = decimal(), index <= totalCaptures { return .backReference(index) }
            at = start
        }
        return .unit(try characterEscape())
    }
}

extension UInt16 {
    init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
