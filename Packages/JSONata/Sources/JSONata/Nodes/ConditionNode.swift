@_spi(Engine) import JSON

/// `condition ? then : else`, and chains of it: `a ? b : c ? d : e`.
final class ConditionNode: Node, @unchecked Sendable {
    private let conditions: Refs<Node>
    /// What each condition leads to.
    private let branches: Refs<Node>
    private let otherwise: Node?
    private let keepArray: Bool
    private let owned: [Node]

    init(_ links: [(condition: Node, then: Node)], _ otherwise: Node?, keepArray: Bool) {
        conditions = Refs(links.map(\.condition))
        branches = Refs(links.map(\.then))
        owned = links.flatMap { [$0.condition, $0.then] }
        self.otherwise = otherwise
        self.keepArray = keepArray
    }

    deinit {
        conditions.deallocate()
        branches.deallocate()
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        try c.enter()
        var at = 0
        while at < conditions.count, try !c.truth(try conditions.evaluate(at, c, input, frame)) { at &+= 1 }
        let result: Value
        if at < conditions.count {
            result = try branches.evaluate(at, c, input, frame)
        } else if let otherwise {
            result = try otherwise.evaluate(c, input, frame)
        } else {
            result = .undefined
        }
        c.leave()
        return c.unwrap(result, keepArray: keepArray)
    }
}
