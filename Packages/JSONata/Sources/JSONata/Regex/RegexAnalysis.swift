/// What may come next at a point of a pattern: the knowledge that turns loops into ones that never back off.
struct RegexFollow: Equatable {
    /// Bytes that the next consumed unit may begin with.
    var bytes: ByteSet
    /// Whether the pattern may succeed from here without consuming or testing anything.
    var accepts: Bool
    /// Whether it may succeed at the end of the subject.
    var atEnd: Bool

    static let end = RegexFollow(bytes: .none, accepts: true, atEnd: true)
    static let unknown = RegexFollow(bytes: .all, accepts: true, atEnd: true)

    func union(_ other: RegexFollow) -> RegexFollow {
        RegexFollow(
            bytes: bytes.union(other.bytes), accepts: accepts || other.accepts, atEnd: atEnd || other.atEnd
        )
    }

    /// The only byte that can come next, if there is just one.
    var onlyByte: UInt8? { !accepts && !atEnd && bytes.count == 1 ? bytes.members[0] : nil }
}

extension RegexNode {
    /// What may come next before this node when `rest` may come after it.
    func follow(_ rest: RegexFollow, _ flags: RegexFlags) -> RegexFollow {
        switch self {
        case .empty: return rest
        case .unit(let unit):
            let units = flags.ignoresCase ? CaseFolding.variants(of: unit) : [unit]
            return RegexFollow(bytes: ByteClass.leads(of: CodeUnitSet(units.map { $0...$0 })), accepts: false, atEnd: false)
        case .set(let set): return RegexFollow(bytes: ByteClass.leads(of: set), accepts: false, atEnd: false)
        case .sequence(let items): return items.reversed().reduce(rest) { $1.follow($0, flags) }
        case .choice(let branches):
            return branches.dropFirst().reduce(branches[0].follow(rest, flags)) { $0.union($1.follow(rest, flags)) }
        case .capture(let body, _): return body.follow(rest, flags)
        case .backReference: return .unknown
        case .lineEnd where !flags.multiline: return RegexFollow(bytes: .none, accepts: false, atEnd: true)
        case .lineStart, .lineEnd, .wordBoundary, .look:
            // A test may fail where success was certain: certainty is lost, the bytes are not.
            return rest.accepts ? .unknown : rest
        case .loop(let body, let loop, _):
            let once = loop.most == 0 ? rest : body.follow(rest, flags)
            return loop.least == 0 ? once.union(rest) : once
        }
    }

    /// Whether the node can match nothing.
    var isNullable: Bool {
        switch self {
        case .empty, .lineStart, .lineEnd, .wordBoundary, .look, .backReference: true
        case .unit, .set: false
        case .sequence(let items): items.allSatisfy(\.isNullable)
        case .choice(let branches): branches.contains(where: \.isNullable)
        case .capture(let body, _): body.isNullable
        case .loop(let body, let loop, _): loop.least == 0 || body.isNullable
        }
    }

    /// The fewest bytes a match takes.
    var leastBytes: Int {
        switch self {
        case .empty, .lineStart, .lineEnd, .wordBoundary, .look, .backReference: 0
        case .unit, .set: 1
        case .sequence(let items): items.reduce(0) { min($0 + $1.leastBytes, 1 << 30) }
        case .choice(let branches): branches.map(\.leastBytes).min() ?? 0
        case .capture(let body, _): body.leastBytes
        case .loop(let body, let loop, _): min(body.leastBytes.multipliedReportingOverflow(by: loop.least).partialValue, 1 << 30)
        }
    }

    /// Whether a match can only begin where the subject does.
    func isAnchored(_ flags: RegexFlags) -> Bool {
        switch self {
        case .lineStart: !flags.multiline
        case .sequence(let items): items.first.map { $0.isAnchored(flags) } ?? false
        case .capture(let body, _): body.isAnchored(flags)
        case .choice(let branches): branches.allSatisfy { $0.isAnchored(flags) }
        default: false
        }
    }

    /// The units every match begins with, and whether they are all of the pattern's work.
    var prefix: (units: [UInt16], whole: Bool) {
        switch self {
        case .empty: return ([], true)
        case .unit(let unit): return ([unit], true)
        case .sequence(let items):
            var units: [UInt16] = []
            for item in items {
                let part = item.prefix
                units += part.units
                if !part.whole { return (units, false) }
            }
            return (units, true)
        case .capture(let body, _): return (body.prefix.units, false)
        default: return ([], false)
        }
    }
}
