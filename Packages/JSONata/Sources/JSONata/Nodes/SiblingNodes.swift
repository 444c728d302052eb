@_spi(Engine) import JSON

/// A variable that is bound inside an item of a constructor. The items are evaluated as if all at once: what one of
/// them binds is seen after the constructor, and not in its siblings.
struct HeldBinding: Sendable {
    let hops: Int
    let slot: Int
    /// The slot for the new value until then.
    let held: Int
}

/// An item that binds variables: takes back what it bound, and keeps it for `ConstructorNode`.
final class SiblingNode: Node, @unchecked Sendable {
    let item: Node
    let bindings: [HeldBinding]

    init(_ item: Node, _ bindings: [HeldBinding]) {
        self.item = item
        self.bindings = bindings
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let before = bindings.map { frame.up($0.hops)[$0.slot] }
        let result = try item.evaluate(c, input, frame)
        for (binding, old) in zip(bindings, before) {
            let scope = frame.up(binding.hops)
            let new = scope[binding.slot]
            if new.head != old.head || new.word != old.word { scope[binding.held] = new }
            scope[binding.slot] = old
        }
        return result
    }
}

/// A constructor with items that bind variables: lets what they bound be seen once it is done.
final class ConstructorNode: Node, @unchecked Sendable {
    let constructor: Node
    let bindings: [HeldBinding]

    init(_ constructor: Node, _ bindings: [HeldBinding]) {
        self.constructor = constructor
        self.bindings = bindings
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        let result = try constructor.evaluate(c, input, frame)
        for binding in bindings {
            let scope = frame.up(binding.hops)
            let value = scope[binding.held]
            if value.head == Frame.unbound.head { continue }
            scope[binding.slot] = value
            scope[binding.held] = Frame.unbound
        }
        return result
    }
}
