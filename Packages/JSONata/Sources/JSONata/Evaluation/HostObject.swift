@_spi(Engine) public import JSON

/// An object with behaviour: a path step `name` into it asks `member`, which may give a function.
@_spi(Engine) public protocol HostObject: AnyObject {
    /// The member named `name`; undefined where there is none. For a method, `context.method`.
    func member(_ name: Value, _ context: Context) throws -> Value
    /// What stands for the object in JSON text.
    func json(_ context: Context) -> Value
}

private final class HostBox {
    let object: any HostObject
    init(_ object: any HostObject) { self.object = object }
}

extension Context {
    /// A value for `object`, which lives until the evaluation ends.
    @_spi(Engine) public func host(_ object: any HostObject) -> Value {
        let box = HostBox(object)
        retain(box)
        return Value(
            head: UInt64(Tag.host.rawValue), word: UInt64(UInt(bitPattern: Unmanaged.passUnretained(box).toOpaque()))
        )
    }

    /// The object behind a host value; nil for any other value.
    @_spi(Engine) public func hostObject(_ value: Value) -> (any HostObject)? {
        guard value.tag == .host else { return nil }
        return Unmanaged<HostBox>.fromOpaque(value.pointer).takeUnretainedValue().object
    }

    /// A function value for a method or anything else made during the evaluation.
    @_spi(Engine) public func method(
        _ name: String, _ signature: String? = nil, arity: Int? = nil, _ body: @escaping NativeFunction.Body
    ) -> Value {
        let native = NativeFunction(name, signature, arity: arity, body)
        retain(native)
        return make(native)
    }
}
