@_spi(Engine) import JSON

/// An operator between two values.
class BinaryNode: Node, @unchecked Sendable {
    let lhs: Node
    let rhs: Node
    let text: String
    let position: Int

    init(_ lhs: Node, _ rhs: Node, _ text: String, _ position: Int) {
        self.lhs = lhs
        self.rhs = rhs
        self.text = text
        self.position = position
    }

    final func located(_ error: any Error) -> any Error {
        guard var error = error as? JSONataError else { return error }
        error.position = error.position ?? position
        error.token = error.token ?? text
        return error
    }

    @inline(never)
    final func fault(_ c: Context, _ code: String, _ message: String, _ value: Value) -> any Error {
        JSONataError(code, message, position: position, token: text, value: try? c.friendly(value))
    }
}

final class ArithmeticNode: BinaryNode, @unchecked Sendable {
    enum Operation { case add, subtract, multiply, divide, remainder }
    let operation: Operation

    init(_ operation: Operation, _ lhs: Node, _ rhs: Node, _ text: String, _ position: Int) {
        self.operation = operation
        super.init(lhs, rhs, text, position)
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try lhs.evaluate(c, input, frame)
        let right = try rhs.evaluate(c, input, frame)
        c.leave()
        let a = try number(c, left, "T2001", "left")
        let b = try number(c, right, "T2002", "right")
        guard let a, let b else { return .undefined }
        switch operation {
        case .add: return Value(a + b)
        case .subtract: return Value(a - b)
        case .multiply: return Value(a * b)
        case .divide: return Value(a / b)
        case .remainder: return Value(a.truncatingRemainder(dividingBy: b))
        }
    }

    @inline(__always) private func number(_ c: Context, _ value: Value, _ code: String, _ side: String) throws -> Double? {
        if value.isNumber {
            let number = value.double
            if number.isFinite { return number }
            if number.isInfinite { throw fault(c, "D1001", "a number is out of range", value) }
            // JavaScript's NaN is no number to the language.
        }
        if value.isUndefined { return nil }
        throw fault(c, code, "the \(side) side of \(text) must be a number", value)
    }
}

final class EqualityNode: BinaryNode, @unchecked Sendable {
    let negated: Bool

    init(negated: Bool, _ lhs: Node, _ rhs: Node, _ text: String, _ position: Int) {
        self.negated = negated
        super.init(lhs, rhs, text, position)
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try lhs.evaluate(c, input, frame)
        let right = try rhs.evaluate(c, input, frame)
        c.leave()
        if left.isUndefined || right.isUndefined { return Value(false) }
        return Value(try c.equal(left, right) != negated)
    }
}

/// `value = "constant"`: by far the most frequent comparison.
final class StringEqualityNode: Node, @unchecked Sendable {
    let side: Node
    let text: Value
    let negated: Bool

    init(_ side: Node, _ text: Value, negated: Bool) {
        self.side = side
        self.text = text
        self.negated = negated
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let value = try side.evaluate(c, input, frame)
        c.leave()
        if value.isUndefined { return Value(false) }
        return Value((value.isString && value.sameString(text)) != negated)
    }
}

final class ComparisonNode: BinaryNode, @unchecked Sendable {
    enum Operation { case less, lessOrEqual, greater, greaterOrEqual }
    let operation: Operation

    init(_ operation: Operation, _ lhs: Node, _ rhs: Node, _ text: String, _ position: Int) {
        self.operation = operation
        super.init(lhs, rhs, text, position)
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try lhs.evaluate(c, input, frame)
        let right = try rhs.evaluate(c, input, frame)
        c.leave()
        for side in [left, right] where !(side.isUndefined || side.isNumber || side.isString) {
            throw fault(c, "T2010", "\(text) compares numbers or strings", side)
        }
        if left.isUndefined || right.isUndefined { return .undefined }
        if left.isNumber, right.isNumber {
            let a = left.double, b = right.double
            switch operation {
            case .less: return Value(a < b)
            case .lessOrEqual: return Value(a <= b)
            case .greater: return Value(a > b)
            case .greaterOrEqual: return Value(a >= b)
            }
        }
        guard left.isString, right.isString else {
            throw fault(c, "T2009", "both sides of \(text) must be of the same type", left)
        }
        let order = StringOrder.compare(left, right)
        switch operation {
        case .less: return Value(order < 0)
        case .lessOrEqual: return Value(order <= 0)
        case .greater: return Value(order > 0)
        case .greaterOrEqual: return Value(order >= 0)
        }
    }
}

final class LogicNode: BinaryNode, @unchecked Sendable {
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let value = try lhs.evaluate(c, input, frame)
        do {
            let left = try c.truth(value)
            let result = text == "and" ? left : !left
            let decided = result ? try c.truth(try rhs.evaluate(c, input, frame)) : left
            c.leave()
            return Value(decided)
        } catch {
            throw relabelled(error)
        }
    }

    /// As in the reference, an error of the right side is told as one of the operator.
    private func relabelled(_ error: any Error) -> any Error {
        guard var error = error as? JSONataError else { return error }
        error.position = position
        error.token = text
        return error
    }
}

/// `&`.
final class ConcatenationNode: BinaryNode, @unchecked Sendable {
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try text(c, try lhs.evaluate(c, input, frame))
        let right = try text(c, try rhs.evaluate(c, input, frame))
        c.leave()
        return try c.join(left, right)
    }

    private func text(_ c: Context, _ value: Value) throws -> Value {
        if value.isString { return value }
        if value.isUndefined { return c.string("") }
        do { return try c.stringify(value) } catch { throw located(error) }
    }
}

/// `item in list`.
final class InclusionNode: BinaryNode, @unchecked Sendable {
    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let item = try lhs.evaluate(c, input, frame)
        let list = try rhs.evaluate(c, input, frame)
        c.leave()
        if item.isUndefined || list.isUndefined { return Value(false) }
        if !list.isArray { return Value(try c.identical(item, list)) }
        for other in list.elements where try c.identical(item, other) { return Value(true) }
        return Value(false)
    }
}

/// `first .. last`, in an array constructor.
final class RangeNode: BinaryNode, @unchecked Sendable {
    static let largest = 10_000_000.0

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame))
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let left = try lhs.evaluate(c, input, frame)
        let right = try rhs.evaluate(c, input, frame)
        c.leave()
        for (side, code) in [(left, "T2003"), (right, "T2004")] where !side.isUndefined {
            guard side.isNumber, side.double == side.double.rounded(), side.double.isFinite else {
                throw fault(c, code, "the ends of a range must be whole numbers", side)
            }
        }
        if left.isUndefined || right.isUndefined { return .undefined }
        let first = left.double, last = right.double
        if first > last { return .undefined }
        let size = last - first + 1
        guard size <= Self.largest else {
            throw fault(c, "D2014", "a range has at most 10,000,000 items", Value(size))
        }
        let count = Int(size)
        try c.checkSequence(count)
        try c.reserve(count * 16)
        let elements = c.arena.values(count)
        for at in 0..<count { elements[at] = Value(first + Double(at)) }
        return Value(array: elements, count: count, flags: Value.Flag.sequence)
    }
}

/// Unary minus.
final class NegationNode: Node, @unchecked Sendable {
    let operand: Node
    let position: Int

    init(_ operand: Node, _ position: Int) {
        self.operand = operand
        self.position = position
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        let value = try operand.evaluate(c, input, frame)
        c.leave()
        if value.isUndefined { return value }
        guard value.isNumber, !value.double.isNaN else {
            throw JSONataError(
                "D1002", "only a number can be negated", position: position, token: "-", value: try c.friendly(value)
            )
        }
        return Value(-value.double)
    }
}
