using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>
/// The kind of mistake that a corrected segment repairs. An open set around a code, so that a team can add its own kinds;
/// the six of RLHF-V (CVPR 2024, section 3.1) are named here.
/// </summary>
[JsonConverter(typeof(HallucinationTypeJsonConverter))]
public readonly record struct HallucinationType
{
    private readonly string? _code;

    /// <summary>Makes a type from its code.</summary>
    /// <param name="code">Lower-case code, for example <c>object</c>. It is what files store.</param>
    /// <exception cref="ArgumentException"><paramref name="code"/> is empty or white space.</exception>
    public HallucinationType(string code)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        _code = code;
    }

    /// <summary>The stored code; <c>other</c> for a default value.</summary>
    public string Code => _code ?? "other";

    /// <summary>Something is named that is not in the picture (41 % of the paper's segments).</summary>
    public static HallucinationType Object { get; } = new("object");

    /// <summary>A place or spatial relation is wrong (20 %).</summary>
    public static HallucinationType Position { get; } = new("position");

    /// <summary>A count is wrong (17 %).</summary>
    public static HallucinationType Number { get; } = new("number");

    /// <summary>A property such as a colour is wrong (10 %).</summary>
    public static HallucinationType Attribute { get; } = new("attribute");

    /// <summary>An action is wrong (5 %).</summary>
    public static HallucinationType Action { get; } = new("action");

    /// <summary>Any other mistake (7 %).</summary>
    public static HallucinationType Other { get; } = new("other");

    /// <summary>The six types of the paper, in its order.</summary>
    public static IReadOnlyList<HallucinationType> All { get; } = [Object, Position, Number, Attribute, Action, Other];

    /// <inheritdoc/>
    public bool Equals(HallucinationType other) => string.Equals(Code, other.Code, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Code);

    /// <inheritdoc/>
    public override string ToString() => Code;
}
