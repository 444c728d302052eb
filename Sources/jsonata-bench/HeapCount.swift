#if canImport(Glibc)
import Glibc
#endif

/// Blocks that are in use on the heap: what an evaluation leaves behind shows as growth.
enum HeapCount {
    static var blocks: Int {
        #if canImport(Glibc)
        let info = mallinfo2()
        return Int(info.uordblks) / 32
        #else
        return 0
        #endif
    }
}
