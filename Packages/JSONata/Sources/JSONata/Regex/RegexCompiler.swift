/// The flags of a regex literal.
struct RegexFlags: Sendable, Hashable {
    var ignoresCase = false
    var multiline = false
}

/// Turns a parsed pattern into a program.
struct RegexCompiler {
    let flags: RegexFlags
    private var instructions: [RegexInstruction] = []
    private var classes: [CodeUnitSet] = []
    private var bareTables: [Int: ByteSet] = [:]
    private var tables: [UInt8] = []
    private var rangeStarts: [Int32] = [0]
    private var ranges: [UInt16] = []
    private var bytes: [UInt8] = []
    private var loops: [RegexLoop] = []
    private var memos = 0
    private let captureSlots: Int
    private var slotCount: Int

    /// More instructions than this make a pattern "too large" rather than slow everything down.
    private static let mostInstructions = 200_000

    init(flags: RegexFlags, captureCount: Int) {
        self.flags = flags
        captureSlots = 2 * (captureCount + 1)
        slotCount = captureSlots
    }

    mutating func compile(_ root: RegexNode) throws(JSONataError) -> RegexProgram {
        try emit(root, follow: .end, backward: false)
        add(.accept)
        return RegexProgram(
            instructions: instructions, tables: tables, rangeStarts: rangeStarts, ranges: ranges, bytes: bytes,
            loops: loops, captureSlots: captureSlots, slotCount: slotCount, memoCount: memos
        )
    }

    // MARK: Pools

    @discardableResult
    private mutating func add(
        _ operation: RegexInstruction.Operation, x: Int = 0, y: Int = 0, z: Int = 0
    ) -> Int {
        instructions.append(RegexInstruction(operation: operation, x: Int32(x), y: Int32(y), z: Int32(z)))
        return instructions.count - 1
    }

    private mutating func classIndex(_ set: CodeUnitSet) -> Int {
        if let index = classes.firstIndex(of: set) { return index }
        classes.append(set)
        tables += ByteClass.table(of: set)
        ranges += set.ranges.flatMap { [$0.lowerBound, $0.upperBound] }
        rangeStarts.append(Int32(ranges.count))
        return classes.count - 1
    }

    /// A class that is only ever asked about single bytes.
    private mutating func byteTable(_ set: ByteSet) -> Int {
        if let known = bareTables.first(where: { $0.value == set }) { return known.key }
        // Keeps the numbering of classes and tables in step; no code unit set equals it, as it is never searched.
        classes.append(CodeUnitSet())
        tables += (0...255).map { set.contains(UInt8($0)) ? ByteClass.inside : ByteClass.outside }
        rangeStarts.append(Int32(ranges.count))
        bareTables[classes.count - 1] = set
        return classes.count - 1
    }

    private mutating func newSlots(_ count: Int) -> Int {
        defer { slotCount += count }
        return slotCount
    }

    // MARK: Nodes

    private mutating func emit(
        _ node: RegexNode, follow: RegexFollow, backward: Bool
    ) throws(JSONataError) {
        if instructions.count > Self.mostInstructions {
            throw JSONataError("S0303", "Invalid regular expression: too large")
        }
        switch node {
        case .empty: break
        case .unit(let unit): emitLiteral([unit], backward: backward)
        case .set(let set): add(backward ? .backSet : .set, x: classIndex(set))
        case .sequence(let items): try emitSequence(items, follow: follow, backward: backward)
        case .choice(let branches): try emitChoice(branches, follow: follow, backward: backward)
        case .capture(let body, let index):
            add(.save, x: backward ? 2 * index + 1 : 2 * index)
            try emit(body, follow: follow, backward: backward)
            add(.save, x: backward ? 2 * index : 2 * index + 1)
        case .backReference(let group):
            add(
                flags.ignoresCase
                    ? (backward ? .backFoldedReference : .foldedReference) : (backward ? .backReference : .reference),
                x: group
            )
        case .lineStart: add(flags.multiline ? .anyLineStart : .lineStart)
        case .lineEnd: add(flags.multiline ? .anyLineEnd : .lineEnd)
        case .wordBoundary(let negated): add(negated ? .notWordBoundary : .wordBoundary)
        case .look(let body, let ahead, let negated):
            let slot = newSlots(2)
            let start = add(negated ? .lookNot : .look, x: slot)
            try emit(body, follow: .end, backward: !ahead)
            add(negated ? .lookNotEnd : .lookEnd, x: slot)
            instructions[start].y = Int32(instructions.count)
        case .loop(let body, let loop, let captures):
            try emitLoop(body, loop, captures: captures, follow: follow, backward: backward)
        }
    }

    private mutating func emitSequence(
        _ items: [RegexNode], follow: RegexFollow, backward: Bool
    ) throws(JSONataError) {
        guard !backward else {
            for item in items.reversed() { try emit(item, follow: .unknown, backward: true) }
            return
        }
        var follows = [follow]
        for item in items.reversed() { follows.append(item.follow(follows[follows.count - 1], flags)) }
        var index = 0
        while index < items.count {
            var literal: [UInt16] = []
            while index < items.count, case .unit(let unit) = items[index] {
                literal.append(unit)
                index += 1
            }
            if !literal.isEmpty {
                emitLiteral(literal, backward: false)
            } else {
                try emit(items[index], follow: follows[items.count - 1 - index], backward: false)
                index += 1
            }
        }
    }

    private mutating func emitLiteral(_ units: [UInt16], backward: Bool) {
        var plain: [UInt16] = []
        for unit in units {
            let variants = flags.ignoresCase && unit >= 0x80 ? CaseFolding.variants(of: unit) : [unit]
            if variants.count > 1 {
                emitBytes(plain, backward: backward)
                plain = []
                add(backward ? .backSet : .set, x: classIndex(CodeUnitSet(variants.map { $0...$0 })))
            } else {
                plain.append(unit)
            }
        }
        emitBytes(plain, backward: backward)
    }

    private mutating func emitBytes(_ units: [UInt16], backward: Bool) {
        if units.isEmpty { return }
        let literal = RegexLiteral(units, flags)
        if literal.bytes.count == 1, !literal.isFolded, !backward {
            instructions[add(.byte)].byte = literal.bytes[0]
            return
        }
        let start = bytes.count
        bytes += literal.bytes
        if literal.isFolded { bytes += literal.masks }
        let operation: RegexInstruction.Operation =
            literal.isFolded ? (backward ? .backFolded : .folded) : (backward ? .backLiteral : .literal)
        add(operation, x: start, y: literal.bytes.count)
    }

    private mutating func emitChoice(
        _ branches: [RegexNode], follow: RegexFollow, backward: Bool
    ) throws(JSONataError) {
        let follows = branches.map { $0.follow(follow, flags) }
        // What may come next in any of the branches from an index on.
        var remaining = [follows[follows.count - 1]]
        for own in follows.dropLast().reversed() { remaining.append(remaining[remaining.count - 1].union(own)) }
        remaining.reverse()
        var exits: [Int] = []
        for index in branches.indices.dropLast() {
            let fork = addFork(
                near: follows[index], far: remaining[index + 1], farFirst: false, backward: backward
            )
            try emit(branches[index], follow: follow, backward: backward)
            exits.append(add(.jump))
            instructions[fork].x = Int32(instructions.count)
        }
        try emit(branches[branches.count - 1], follow: follow, backward: backward)
        for exit in exits { instructions[exit].x = Int32(instructions.count) }
    }

    /// A split whose target is still to be set; where the next byte decides between the ways, one that looks at it.
    private mutating func addFork(
        near: RegexFollow, far: RegexFollow, farFirst: Bool, backward: Bool
    ) -> Int {
        if backward || (near.accepts && far.accepts) { return add(farFirst ? .splitFar : .split) }
        let nearTable = byteTable(near.accepts ? .all : near.bytes)
        let farTable = byteTable(far.accepts ? .all : far.bytes)
        return add(farFirst ? .branchFar : .branch, y: nearTable, z: farTable)
    }

    // MARK: Loops

    private mutating func emitLoop(
        _ body: RegexNode, _ loop: RegexLoop, captures: ClosedRange<Int>?, follow: RegexFollow, backward: Bool
    ) throws(JSONataError) {
        if loop.most == 0 { return }
        if !backward, let set = body.singleSet(flags) {
            emitRun(of: set, loop, follow: follow)
            return
        }
        let again = body.follow(follow, flags)
        let inside = loop.most > 1 ? again.union(follow) : follow
        let counts = loop.least > 0 || (loop.most > 1 && loop.most != RegexLoop.unlimited)
        let counter = counts ? newSlots(1) : -1
        if counts { add(.resetCount, x: counter) }
        let head: Int
        if counts {
            loops.append(loop)
            head = add(.loop, y: counter, z: loops.count - 1)
            add(.count, x: counter)
        } else {
            head = addFork(near: again, far: follow, farFirst: loop.lazy, backward: backward)
        }
        let position = body.isNullable ? newSlots(1) : -1
        if let captures { add(.forget, x: 2 * captures.lowerBound, y: 2 * captures.upperBound + 2) }
        if position >= 0 { add(.save, x: position) }
        try emit(body, follow: inside, backward: backward)
        if position >= 0 { add(.progress, x: position, y: counter, z: loop.least) }
        if loop.most > 1 { add(.jump, x: head) }
        instructions[head].x = Int32(instructions.count)
    }

    private mutating func emitRun(of set: CodeUnitSet, _ loop: RegexLoop, follow: RegexFollow) {
        let settled = ByteClass.leads(of: set).isDisjoint(with: follow.bytes)
        let possessive = settled && (!loop.lazy || !follow.accepts)
        let run = add(
            possessive ? .runPossessive : loop.lazy ? .runLazy : .runGreedy, x: classIndex(set), y: loop.least,
            z: loop.most
        )
        if loop.most == RegexLoop.unlimited, loop.least <= 1, !loop.lazy || follow.onlyByte != nil, memos < RegexMemo.most {
            instructions[run].memo = UInt8(memos)
            memos += 1
        }
        if let only = follow.onlyByte {
            instructions[run].hasHint = true
            instructions[run].byte = only
        }
    }
}

extension RegexNode {
    /// The set a node stands for if it always matches exactly one unit and captures nothing.
    func singleSet(_ flags: RegexFlags) -> CodeUnitSet? {
        switch self {
        case .set(let set): return set
        case .unit(let unit):
            return CodeUnitSet((flags.ignoresCase ? CaseFolding.variants(of: unit) : [unit]).map { $0...$0 })
        case .choice(let branches):
            var all = CodeUnitSet()
            for branch in branches {
                guard let set = branch.singleSet(flags) else { return nil }
                all = all.union(set)
            }
            return all
        default: return nil
        }
    }
}
