#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Recursion that outgrows the caller's stack is run once more on a thread with a large one.
///
/// Evaluation changes nothing outside its own memory, so that running it again is safe.
enum DeepStack {
    /// Address space only: pages are taken as they are touched.
    private static let size = 256 << 20

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    static func run<Result>(_ body: () throws -> Result) throws(JSONataError) -> Result {
        do {
            return try body()
        } catch let error as JSONataError {
            throw error
        } catch is StackExhausted {
            return try onThread(body)
        } catch {
            throw JSONataError("D3137", "\(error)")
        }
    }

    private static func onThread<Result>(_ body: () throws -> Result) throws(JSONataError) -> Result {
        var outcome: Swift.Result<Result, any Error>?
        withoutActuallyEscaping(body) { body in
            let work = Unmanaged.passRetained(
                Work { outcome = Swift.Result { try body() } }
            )
            var attributes = pthread_attr_t()
            pthread_attr_init(&attributes)
            pthread_attr_setstacksize(&attributes, size)
            #if canImport(Darwin)
                var thread: pthread_t?
            #else
                var thread = pthread_t()
            #endif
            let made = pthread_create(
                &thread, &attributes,
                { argument in
                    #if canImport(Darwin)
                        let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
                    #else
                        let work = Unmanaged<Work>.fromOpaque(argument!).takeUnretainedValue()
                    #endif
                    work.body()
                    return nil
                }, work.toOpaque())
            pthread_attr_destroy(&attributes)
            if made == 0 {
                #if canImport(Darwin)
                    if let thread { pthread_join(thread, nil) }
                #else
                    pthread_join(thread, nil)
                #endif
            }
            work.release()
        }
        switch outcome {
        case .success(let result): return result
        case .failure(let error as JSONataError): throw error
        case .failure, nil: throw JSONataError("D1011", "the evaluation nests too deep for the stack")
        }
    }
}
