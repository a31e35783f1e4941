using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Tests.Native;

/// <summary>
/// Builds the smallest ELF shared object that has what symbol versioning needs. Symbols are undefined and bound to versions of one library;
/// version indices are 2, 3, ... in the order given.
/// </summary>
internal sealed class SyntheticElf
{
    private readonly MemoryStream _strings = new();
    private readonly Dictionary<string, uint> _offsets = [];

    public string Library { get; init; } = "libstdc++.so.6";

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<(string Name, string Version)> Symbols { get; init; }

    public IReadOnlyList<string> Defines { get; init; } = [];

    /// <summary>Names that the dynamic section uses (as needed libraries).</summary>
    public IReadOnlyList<string> Needed { get; init; } = [];

    public byte[] Build()
    {
        _strings.WriteByte(0);
        byte[] symbols = new byte[24 * (Symbols.Count + 1)];
        byte[] versions = new byte[2 * (Symbols.Count + 1)];
        for (int i = 0; i < Symbols.Count; i++)
        {
            Write32(symbols, (24 * (i + 1)) + 0, Name(Symbols[i].Name));
            BinaryPrimitives.WriteUInt16LittleEndian(versions.AsSpan(2 * (i + 1)),
                (ushort)(2 + Versions.ToList().IndexOf(Symbols[i].Version)));
        }

        byte[] needs = new byte[16 * (1 + Versions.Count)];
        needs[0] = 1;
        needs[2] = (byte)Versions.Count;
        Write32(needs, 4, Name(Library));
        Write32(needs, 8, 16);
        for (int i = 0; i < Versions.Count; i++)
        {
            int at = 16 * (i + 1);
            Write32(needs, at, SystemVHash(Versions[i]));
            needs[at + 6] = (byte)(2 + i);
            Write32(needs, at + 8, Name(Versions[i]));
            Write32(needs, at + 12, i + 1 < Versions.Count ? 16u : 0u);
        }

        byte[] defines = new byte[28 * Defines.Count];
        for (int i = 0; i < Defines.Count; i++)
        {
            Write32(defines, (28 * i) + 12, 20);
            Write32(defines, (28 * i) + 16, i + 1 < Defines.Count ? 28u : 0u);
            Write32(defines, (28 * i) + 20, Name(Defines[i]));
        }

        byte[] dynamic = new byte[16 * (Needed.Count + 1)];
        for (int i = 0; i < Needed.Count; i++)
        {
            dynamic[16 * i] = 1;
            Write32(dynamic, (16 * i) + 8, Name(Needed[i]));
        }

        return Assemble(
        [
            (3, _strings.ToArray(), 0, 0),
            (11, symbols, 1, 1),
            (0x6fffffff, versions, 2, 0),
            (0x6ffffffe, needs, 1, 1),
            (0x6ffffffd, defines, 1, (uint)Defines.Count),
            (6, dynamic, 1, 0),
        ]);
    }

    /// <summary>The hash that the dynamic loader compares versions by (System V ABI, chapter 5).</summary>
    public static uint SystemVHash(string name)
    {
        uint hash = 0;
        foreach (byte c in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static byte[] Assemble(IReadOnlyList<(uint Type, byte[] Content, uint Link, uint Info)> sections)
    {
        byte[] header = new byte[64];
        "\u007fELF"u8.CopyTo(header);
        (header[4], header[5], header[6], header[16], header[18]) = (2, 1, 1, 3, 62);
        header[0x3a] = 64;
        header[0x3c] = (byte)(sections.Count + 1);

        using var file = new MemoryStream();
        file.Write(header);
        byte[] table = new byte[64 * (sections.Count + 1)];
        for (int i = 0; i < sections.Count; i++)
        {
            var (type, content, link, info) = sections[i];
            var entry = table.AsSpan(64 * (i + 1), 64);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], type);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], (ulong)file.Position);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], (ulong)content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[40..], link);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[44..], info);
            file.Write(content);
        }

        long tableOffset = file.Position;
        file.Write(table);
        byte[] bytes = file.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x28), tableOffset);
        return bytes;
    }

    // A name that is the tail of one written before shares its bytes, as linkers do.
    private uint Name(string text)
    {
        foreach (var (known, offset) in _offsets)
        {
            if (known.EndsWith(text, StringComparison.Ordinal))
                return offset + (uint)(known.Length - text.Length);
        }

        uint start = (uint)_strings.Position;
        _strings.Write(Encoding.ASCII.GetBytes(text + "\0"));
        return _offsets[text] = start;
    }

    private static void Write32(byte[] target, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(target.AsSpan(offset), value);
}
