using Microsoft.ML;

namespace RlhfV.ML.Captioning;

/// <summary>Makes getters of text.</summary>
internal static class CaptionGetter
{
    /// <exception cref="InvalidOperationException">The caller expects anything but text.</exception>
    public static ValueGetter<TValue> As<TValue>(Func<string> text)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = text().AsMemory();
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Text was asked for as {typeof(TValue)}; expected {typeof(ReadOnlyMemory<char>)}.");
    }
}
