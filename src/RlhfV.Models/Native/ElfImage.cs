using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Native;

/// <summary>
/// The parts of a 64-bit little-endian x86-64 ELF shared object that symbol versioning is made of: the dynamic symbols, the versions it
/// requires from other libraries (<c>.gnu.version_r</c>) and those it defines itself (<c>.gnu.version_d</c>). Every offset is checked
/// before it is followed, so that a truncated or foreign file ends in an <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class ElfImage
{
    /// <summary>How an ELF header names the x86-64 processor.</summary>
    public const ushort MachineX64 = 62;

    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const uint TypeDynamic = 6;
    private const uint TypeDynamicSymbols = 11;
    private const uint TypeVersionDefinitions = 0x6ffffffd;
    private const uint TypeVersionNeeds = 0x6ffffffe;
    private const uint TypeVersionSymbols = 0x6fffffff;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _name;
    private readonly Section _strings;

    private ElfImage(ReadOnlyMemory<byte> bytes, string name)
    {
        _bytes = bytes;
        _name = name;
        CheckHeader();

        var sections = ReadSections();
        var symbols = Single(sections, TypeDynamicSymbols, "dynamic symbols");
        _strings = symbols.Link < sections.Count
            ? sections[(int)symbols.Link]
            : throw Invalid($"the string table of its dynamic symbols is section {symbols.Link} of {sections.Count}");

        Symbols = ReadSymbols(symbols, sections.FirstOrDefault(s => s.Type == TypeVersionSymbols));
        Needs = ReadNeeds(sections.FirstOrDefault(s => s.Type == TypeVersionNeeds));
        Defines = ReadDefinitions(sections.FirstOrDefault(s => s.Type == TypeVersionDefinitions));
        DynamicNames = ReadDynamicNames(sections.FirstOrDefault(s => s.Type == TypeDynamic));
    }

    /// <summary>The dynamic symbols, in file order, with the version index that each asks for (0 where the file has none).</summary>
    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>The versions this object requires, in file order.</summary>
    public IReadOnlyList<ElfVersionNeed> Needs { get; }

    /// <summary>The names of the versions this object defines.</summary>
    public IReadOnlyList<string> Defines { get; }

    /// <summary>
    /// Offsets, within the dynamic string table, of the names that the dynamic section uses (needed libraries, own name, paths).
    /// </summary>
    public IReadOnlyList<uint> DynamicNames { get; }

    /// <summary>File offset of the dynamic string table.</summary>
    public int StringsOffset => _strings.Offset;

    /// <summary>Reads the tables of a shared object.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">How messages call it: its path.</param>
    /// <exception cref="InvalidDataException">The bytes are no x86-64 ELF shared object, or end too early.</exception>
    public static ElfImage Parse(ReadOnlyMemory<byte> bytes, string name) => new(bytes, name);

    private void CheckHeader()
    {
        var header = Slice(0, 64, "ELF header");
        if (!header[..4].SequenceEqual("\u007fELF"u8))
            throw Invalid("it does not start with the ELF signature");
        if (header[4] != 2 || header[5] != 1)
            throw Invalid($"it is not 64-bit little-endian (class {header[4]}, byte order {header[5]})");
        ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        if (machine != MachineX64)
            throw Invalid($"it is built for machine {machine}, expected {MachineX64} (x86-64)");
    }

    private List<Section> ReadSections()
    {
        var header = Slice(0, 64, "ELF header");
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]);
        ushort entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3a..]);
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(header[0x3c..]);
        if (count > 0 && entrySize != SectionHeaderSize)
            throw Invalid($"its section headers are {entrySize} bytes long, expected {SectionHeaderSize}");

        var sections = new List<Section>(count);
        for (int i = 0; i < count; i++)
        {
            var entry = Slice(table + ((ulong)i * SectionHeaderSize), SectionHeaderSize, $"section header {i}");
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]);
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]);
            uint link = BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]);
            uint info = BinaryPrimitives.ReadUInt32LittleEndian(entry[44..]);
            // Only the string tables (3) and the tables read here must lie inside the file; .bss (8) occupies none of it.
            bool used = type is 3 or TypeDynamic or TypeDynamicSymbols or TypeVersionDefinitions or TypeVersionNeeds or TypeVersionSymbols;
            if (used)
                _ = Slice(offset, size, $"section {i}");
            sections.Add(used ? new Section(type, (int)offset, (int)size, link, info) : new Section(type, 0, 0, link, info));
        }

        return sections;
    }

    private List<ElfSymbol> ReadSymbols(Section section, Section versions)
    {
        int count = section.Size / SymbolSize;
        if (versions.Size > 0 && versions.Size < count * 2)
            throw Invalid($"it has {count} dynamic symbols and versions for {versions.Size / 2}");

        var symbols = new List<ElfSymbol>(count);
        for (int i = 0; i < count; i++)
        {
            var entry = Slice((ulong)(section.Offset + (i * SymbolSize)), SymbolSize, $"symbol {i}");
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            bool defined = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) != 0;
            int versionOffset = versions.Size > 0 ? versions.Offset + (i * 2) : -1;
            ushort version = versionOffset < 0 ? (ushort)0 : ReadUInt16(versionOffset, "symbol version");
            symbols.Add(new ElfSymbol(name, Text(name), defined, version, versionOffset));
        }

        return symbols;
    }

    private List<ElfVersionNeed> ReadNeeds(Section section)
    {
        var needs = new List<ElfVersionNeed>();
        long library = section.Offset;
        // sh_info counts the libraries; the links between entries are offsets that go forward only.
        for (uint l = 0; l < section.Info; l++)
        {
            var entry = SliceIn(section, library, 16, "version requirement");
            ushort count = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            string file = Text(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            long version = library + BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            for (int v = 0; v < count; v++)
            {
                var item = SliceIn(section, version, 16, "version requirement");
                uint name = BinaryPrimitives.ReadUInt32LittleEndian(item[8..]);
                uint hash = BinaryPrimitives.ReadUInt32LittleEndian(item);
                ushort index = BinaryPrimitives.ReadUInt16LittleEndian(item[6..]);
                needs.Add(new ElfVersionNeed(file, Text(name), hash, index, name, (int)version));
                version += BinaryPrimitives.ReadUInt32LittleEndian(item[12..]);
            }

            if (next == 0)
                break;
            library += next;
        }

        return needs;
    }

    private List<string> ReadDefinitions(Section section)
    {
        var names = new List<string>();
        long definition = section.Offset;
        for (uint d = 0; d < section.Info; d++)
        {
            var entry = SliceIn(section, definition, 20, "version definition");
            uint aux = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            names.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(SliceIn(section, definition + aux, 8, "version name"))));
            if (next == 0)
                break;
            definition += next;
        }

        return names;
    }

    private List<uint> ReadDynamicNames(Section section)
    {
        var offsets = new List<uint>();
        for (int at = 0; at + 16 <= section.Size; at += 16)
        {
            var entry = Slice((ulong)(section.Offset + at), 16, "dynamic entry");
            // DT_NEEDED 1, DT_SONAME 14, DT_RPATH 15, DT_RUNPATH 29
            if (BinaryPrimitives.ReadInt64LittleEndian(entry) is 1 or 14 or 15 or 29)
                offsets.Add((uint)BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]));
        }

        return offsets;
    }

    private string Text(uint offset)
    {
        if (offset >= _strings.Size)
            throw Invalid($"a name lies at {offset} of a string table of {_strings.Size} bytes");
        var rest = _bytes.Span.Slice(_strings.Offset + (int)offset, _strings.Size - (int)offset);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? throw Invalid("a name in its string table has no end") : Encoding.UTF8.GetString(rest[..end]);
    }

    private ushort ReadUInt16(int offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice((ulong)offset, 2, what));

    private ReadOnlySpan<byte> SliceIn(Section section, long offset, int length, string what) =>
        offset >= section.Offset && offset + length <= (long)section.Offset + section.Size
            ? _bytes.Span.Slice((int)offset, length)
            : throw Invalid($"a {what} lies outside its section");

    private ReadOnlySpan<byte> Slice(ulong offset, ulong length, string what)
    {
        ulong size = (ulong)_bytes.Length;
        return offset <= size && length <= size - offset
            ? _bytes.Span.Slice((int)offset, (int)length)
            : throw Invalid($"its {what} ({length} bytes at {offset}) lies outside the file of {size} bytes");
    }

    private Section Single(List<Section> sections, uint type, string what)
    {
        var found = sections.FirstOrDefault(s => s.Type == type);
        return found.Size > 0 ? found : throw Invalid($"it has no {what}");
    }

    private InvalidDataException Invalid(string found) => new($"'{_name}' is not a usable x86-64 ELF shared object: {found}.");

    private readonly record struct Section(uint Type, int Offset, int Size, uint Link, uint Info);
}
