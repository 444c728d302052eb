@_spi(Engine) import JSON

/// Three operands or more between the same operators, evaluated in turn: as deep as one operator, however many there are.
class ChainNode: Node, @unchecked Sendable {
    let operands: Refs<Node>
    private let owned: [Node]
    private let text: String
    /// Where the operators are: one less than operands.
    private let positions: [Int]

    init(_ operands: [Node], _ positions: [Int], _ text: String) {
        self.operands = Refs(operands)
        owned = operands
        self.positions = positions
        self.text = text
    }

    deinit { operands.deallocate() }

    /// Where the operator before an operand is; the first has its operator behind it.
    final func position(of operand: Int) -> Int { positions[max(operand - 1, 0)] }

    final func located(_ error: any Error, _ operand: Int, always: Bool) -> any Error {
        guard var error = error as? JSONataError else { return error }
        if always || error.position == nil { error.position = position(of: operand) }
        if always || error.token == nil { error.token = text }
        return error
    }
}

/// `a & b & c`.
final class ConcatenationChainNode: ChainNode, @unchecked Sendable {
    init(_ operands: [Node], _ positions: [Int]) { super.init(operands, positions, "&") }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let count = operands.count
        let texts = try c.push(count)
        var total = 0
        var flags = Value.Flag.clean | Value.Flag.ascii
        for at in 0..<count {
            var value = try operands.evaluate(at, c, input, frame)
            if !value.isString { value = try text(c, value, at) }
            texts[at] = value
            total += value.count
            flags &= value.head
        }
        let result =
            flags & Value.Flag.clean == 0
            ? try joinedInTurn(c, texts, count) : try joined(c, texts, count, total, flags)
        c.pop(count)
        c.leave()
        return result
    }

    private func joined(
        _ c: Context, _ texts: UnsafeMutablePointer<Value>, _ count: Int, _ total: Int, _ flags: UInt64
    ) throws -> Value {
        let first = texts[0]
        if first.count == total { return first }
        let bytes = try c.extended(first, by: total - first.count)
        var end = first.count
        for at in 1..<count {
            (bytes + end).update(from: texts[at].utf8, count: texts[at].count)
            end += texts[at].count
        }
        return Value(string: bytes, count: total, flags: flags)
    }

    /// Where one of the texts is not clean it may begin or end with half a character.
    private func joinedInTurn(_ c: Context, _ texts: UnsafeMutablePointer<Value>, _ count: Int) throws -> Value {
        var result = texts[0]
        for at in 1..<count { result = try c.join(result, texts[at]) }
        return result
    }

    private func text(_ c: Context, _ value: Value, _ operand: Int) throws -> Value {
        if value.isUndefined { return c.string("") }
        do { return try c.stringify(value) } catch { throw located(error, operand, always: false) }
    }
}

/// `a or b or c`, `a and b and c`.
final class LogicChainNode: ChainNode, @unchecked Sendable {
    private let isOr: Bool

    init(_ operands: [Node], _ positions: [Int], isOr: Bool) {
        self.isOr = isOr
        super.init(operands, positions, isOr ? "or" : "and")
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let first = try operands.evaluate(0, c, input, frame)
        var decided: Bool
        do { decided = try c.truth(first) } catch { throw located(error, 0, always: true) }
        var at = 1
        while at < operands.count, decided != isOr {
            do {
                decided = try c.truth(try operands.evaluate(at, c, input, frame))
            } catch {
                // As in the reference, an error of a right side is told as one of the operator.
                throw located(error, at, always: true)
            }
            at += 1
        }
        c.leave()
        return Value(decided)
    }
}
