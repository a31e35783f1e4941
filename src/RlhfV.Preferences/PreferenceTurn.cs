namespace RlhfV.Preferences;

/// <summary>One message of a conversation that went before <see cref="PreferenceExample.Prompt"/>.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What is said, without any image token.</param>
public sealed record PreferenceTurn(PreferenceRole Role, string Text);
