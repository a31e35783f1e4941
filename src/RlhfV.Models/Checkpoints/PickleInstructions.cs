namespace RlhfV.Models.Checkpoints;

/// <summary>The names of the pickle instructions that are refused, for messages.</summary>
internal static class PickleInstructions
{
    /// <summary>The name that Python's <c>pickletools</c> gives an instruction.</summary>
    public static string Name(byte code) => (char)code switch
    {
        '0' => "POP",
        '1' => "POP_MARK",
        '2' => "DUP",
        'F' => "FLOAT",
        'G' => "BINFLOAT",
        'I' => "INT",
        'L' => "LONG",
        'S' => "STRING",
        'T' => "BINSTRING",
        'U' => "SHORT_BINSTRING",
        'V' => "UNICODE",
        'B' => "BINBYTES",
        'C' => "SHORT_BINBYTES",
        'P' => "PERSID",
        'a' => "APPEND",
        'd' => "DICT",
        'e' => "APPENDS",
        'g' => "GET",
        'i' => "INST",
        'l' => "LIST",
        ']' => "EMPTY_LIST",
        'o' => "OBJ",
        'p' => "PUT",
        '\u0081' => "NEWOBJ",
        '\u0082' or '\u0083' or '\u0084' => "EXT",
        '\u008b' => "LONG4",
        '\u008c' => "SHORT_BINUNICODE",
        '\u008d' => "BINUNICODE8",
        '\u008e' => "BINBYTES8",
        '\u008f' => "EMPTY_SET",
        '\u0090' => "ADDITEMS",
        '\u0091' => "FROZENSET",
        '\u0092' => "NEWOBJ_EX",
        '\u0093' => "STACK_GLOBAL",
        '\u0094' => "MEMOIZE",
        '\u0095' => "FRAME",
        '\u0096' => "BYTEARRAY8",
        '\u0097' => "NEXT_BUFFER",
        '\u0098' => "READONLY_BUFFER",
        _ => $"0x{code:x2}",
    };
}
