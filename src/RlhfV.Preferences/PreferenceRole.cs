using System.Text.Json.Serialization;

namespace RlhfV.Preferences;

/// <summary>Who speaks in a <see cref="PreferenceTurn"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreferenceRole>))]
public enum PreferenceRole
{
    /// <summary>The person who asks; <c>human</c> in ShareGPT files.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>The model that answers; <c>gpt</c> in ShareGPT files.</summary>
    [JsonStringEnumMemberName("assistant")]
    Assistant,

    /// <summary>The instruction that stands before the conversation.</summary>
    [JsonStringEnumMemberName("system")]
    System,
}
