@_spi(Engine) import JSON

/// `$map`, `$filter` and their kin with a function written in place: a loop, without a function value or calls.
final class HigherOrderNode: Node, @unchecked Sendable {
    let operation: NativeFunction.Operation
    let subject: Node
    let lambda: LambdaNode
    let general: NativeCallNode

    init(_ operation: NativeFunction.Operation, _ subject: Node, _ lambda: LambdaNode, _ general: NativeCallNode) {
        self.operation = operation
        self.subject = subject
        self.lambda = lambda
        self.general = general
    }

    override func evaluate(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        c.unwrap(try raw(c, input, frame), keepArray: general.keepArray)
    }

    override func raw(_ c: Context, _ input: Value, _ frame: Frame) throws -> Value {
        guard c.state.pointee.globals[general.global].head == Frame.unbound.head else {
            return try general.raw(c, input, frame)
        }
        try c.enter()
        let subject = try subject.evaluate(c, input, frame)
        let result: Value
        do {
            switch operation {
            case .map, .filter: result = try overArray(c, subject, input, frame)
            case .each, .sift: result = try overObject(c, subject, input, frame)
            }
        } catch {
            throw general.general.located(error)
        }
        c.leave()
        return result
    }

    /// Calls the function with up to three arguments, in a frame that is used again unless a closure holds it.
    @inline(__always)
    private func call(
        _ c: Context, _ a: Value, _ b: Value, _ whole: Value, _ input: Value, _ scope: inout Frame, _ frame: Frame
    ) throws -> Value {
        let slots = lambda.slots
        if slots > 0 {
            if scope.address == nil || scope.captured { scope = c.frame(slots: slots, parent: frame) }
            let values = scope.values
            let parameters = lambda.parameters
            if parameters > 0 { values[0] = a }
            if parameters > 1 { values[1] = b }
            if parameters > 2 { values[2] = whole }
            var at = min(parameters, 3)
            while at < slots {
                values[at] = at < parameters ? .undefined : Frame.unbound
                at &+= 1
            }
        } else {
            scope = frame
        }
        let result = try lambda.body.evaluate(c, input, scope)
        guard result.head == ThunkNode.mark.head else { return result }
        // The frame goes back to the free ones with the tail call.
        scope = .none
        c.state.pointee.thunk.outer = frame
        return try c.bounce(result, input: .null)
    }

    private func overArray(_ c: Context, _ subject: Value, _ input: Value, _ frame: Frame) throws -> Value {
        if subject.isUndefined { return .undefined }
        let list = c.asArray(subject).without(Value.Flag.all)
        var scope = Frame.none
        try c.checkSequence(list.count)
        var builder = operation == .map ? ValueBuilder(capacity: list.count, in: c.arena) : ValueBuilder()
        for at in 0..<list.count {
            let item = list.element(at)
            let value = try call(c, item, Value(Double(at)), list, input, &scope, frame)
            if operation == .map {
                if !value.isUndefined { builder.append(value, in: c.arena) }
            } else if try c.truth(value) {
                builder.append(item, in: c.arena)
            }
        }
        return builder.array(Value.Flag.sequence)
    }

    private func overObject(_ c: Context, _ subject: Value, _ input: Value, _ frame: Frame) throws -> Value {
        var subject = subject
        if subject.isUndefined, general.arguments.count == 1 {
            subject = input
            if subject.isUndefined { return .undefined }
        }
        if subject.isUndefined { return .undefined }
        guard subject.isObject else { return try general.raw(c, input, frame) }
        var scope = Frame.none
        var list = ValueBuilder()
        var object = ObjectBuilder(capacity: operation == .sift ? subject.count : 2, in: c.arena)
        for member in subject.members {
            let value = try call(c, member.value, member.key, subject, input, &scope, frame)
            if operation == .each {
                if !value.isUndefined { list.append(value, in: c.arena) }
            } else if try c.truth(value) {
                object.add(member.key, member.value, in: c.arena)
            }
        }
        if operation == .each { return list.array(Value.Flag.sequence) }
        return object.count == 0 ? .undefined : object.object(in: c.arena)
    }
}
