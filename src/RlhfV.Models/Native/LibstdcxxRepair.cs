using System.Buffers.Binary;
using System.Text;

namespace RlhfV.Models.Native;

/// <summary>
/// Makes a copy of TorchSharp's native library load on systems whose libstdc++ is older than the one it was linked with (Debian 12 and
/// Ubuntu 22.04 have that of GCC 12, RHEL 9 that of GCC 11).
/// </summary>
/// <remarks>
/// <para>The library is linked against GCC 13 but uses only two things that older releases spell differently, and both exist there:</para>
/// <list type="bullet">
/// <item><c>std::ios_base_library_init()</c> (GLIBCXX_3.4.32). GCC 13's <c>&lt;iostream&gt;</c> mentions it so that the program asks for a
/// libstdc++ that initialises the standard streams by itself; nothing calls it. Older releases initialise the streams in the constructor
/// of <c>std::ios_base::Init</c>, which libtorch, linked with an older compiler, runs. The reference is turned to that constructor.</item>
/// <item><c>std::condition_variable::wait</c> (GLIBCXX_3.4.30). GCC 12 dropped <c>noexcept</c> from it and gave it a new version; the
/// function of GLIBCXX_3.4.11 is the same in arguments and effect, and newer releases still carry it.</item>
/// </list>
/// <para>All rules are applied whenever one is needed, so that every machine runs the same, tested bytes.</para>
/// </remarks>
internal static class LibstdcxxRepair
{
    /// <summary>Part of the cache key: raised when the rules change, so that copies made by older rules are left alone.</summary>
    public const int Revision = 1;

    private const string Library = "libstdc++.so.6";

    private static readonly Rule[] Rules =
    [
        new("_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32", "_ZNSt8ios_base4InitC1Ev", "GLIBCXX_3.4"),
        new("_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", "GLIBCXX_3.4.30",
            "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", "GLIBCXX_3.4.11"),
    ];

    /// <summary>The versions of libstdc++ that a repaired copy no longer requires.</summary>
    public static IEnumerable<string> Removes => Rules.Select(r => r.Version);

    /// <summary>Applies the rules to a copy of <paramref name="original"/>.</summary>
    /// <param name="original">The whole file; not altered.</param>
    /// <param name="name">How messages call it: its path.</param>
    /// <returns>The repaired copy, as long as the original; equal to it where no rule applies.</returns>
    /// <exception cref="InvalidDataException">
    /// The file is no x86-64 ELF shared object, or uses these versions in another way than known.
    /// </exception>
    public static byte[] Apply(ReadOnlyMemory<byte> original, string name)
    {
        var image = ElfImage.Parse(original, name);
        byte[] copy = original.ToArray();
        foreach (var rule in Rules)
        {
            if (Need(image, rule.Version) is { } removed)
                Apply(rule, removed, image, copy, name);
        }

        return copy;
    }

    private static void Apply(Rule rule, ElfVersionNeed removed, ElfImage image, byte[] copy, string name)
    {
        var target = Need(image, rule.OlderVersion)
            ?? throw new InvalidDataException(
                $"'{name}' requires {rule.Version} of {Library} but not {rule.OlderVersion}, so it cannot be repaired.");

        foreach (var symbol in image.Symbols.Where(s => !s.IsDefined && s.Version == removed.Index))
        {
            if (symbol.Name != rule.Symbol)
                throw new InvalidDataException(
                    $"'{name}' needs '{symbol.Name}' of {rule.Version}, for which older releases of {Library} have no known equivalent.");
            if (rule.OlderSymbol != rule.Symbol)
                Rename(symbol, rule.OlderSymbol, image, copy, name);
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(symbol.VersionOffset), target.Index);
        }

        // The requirement becomes a second one of the older version; its index stays, no symbol refers to it any more.
        var entry = copy.AsSpan(removed.EntryOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(entry, target.Hash);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], target.NameOffset);
    }

    private static void Rename(ElfSymbol symbol, string newName, ElfImage image, byte[] copy, string name)
    {
        uint start = symbol.NameOffset;
        uint end = start + (uint)symbol.Name.Length;
        bool Inside(uint offset) => offset >= start && offset <= end;

        // Linkers let names share their tails: writing over one must not change another.
        bool shared = image.Symbols.Count(s => Inside(s.NameOffset)) > 1
            || image.Needs.Any(n => Inside(n.NameOffset))
            || image.DynamicNames.Any(Inside);
        if (shared || newName.Length > symbol.Name.Length)
            throw new InvalidDataException(
                $"'{name}' shares the name '{symbol.Name}' with other entries of its string table, so it cannot be repaired.");

        var place = copy.AsSpan(image.StringsOffset + (int)start, symbol.Name.Length);
        place.Clear();
        Encoding.ASCII.GetBytes(newName, place);
    }

    private static ElfVersionNeed? Need(ElfImage image, string version)
    {
        foreach (var need in image.Needs)
        {
            if (need.Library == Library && need.Version == version)
                return need;
        }

        return null;
    }

    private readonly record struct Rule(string Symbol, string Version, string OlderSymbol, string OlderVersion);
}
