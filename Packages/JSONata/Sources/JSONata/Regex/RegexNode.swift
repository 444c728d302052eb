/// A parsed pattern, before it becomes a program.
indirect enum RegexNode: Sendable {
    case empty
    /// One code unit, to be folded if the pattern ignores case.
    case unit(UInt16)
    /// One code unit out of a set that already contains all case variants.
    case set(CodeUnitSet)
    case sequence([RegexNode])
    case choice([RegexNode])
    /// A group that captures under `index`, counted from 1.
    case capture(RegexNode, index: Int)
    case backReference(Int)
    case lineStart
    case lineEnd
    case wordBoundary(negated: Bool)
    case look(RegexNode, ahead: Bool, negated: Bool)
    /// `captures` are the groups inside, which each iteration forgets.
    case loop(RegexNode, RegexLoop, captures: ClosedRange<Int>?)
}

/// How often, and in which order of preference, a loop runs.
struct RegexLoop: Sendable, Equatable {
    var least: Int
    /// `Int32.max` stands for no limit.
    var most: Int
    var lazy: Bool

    static let unlimited = Int(Int32.max)
}
