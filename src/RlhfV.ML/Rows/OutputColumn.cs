using Microsoft.ML;
using Microsoft.ML.Data;

namespace RlhfV.ML.Rows;

/// <summary>A column that a computation adds.</summary>
/// <typeparam name="TResult">What the computation gives for a row.</typeparam>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The column's type.</param>
/// <param name="Getter">Makes the <see cref="ValueGetter{TValue}"/> of the type's values from a function that gives the current row's result.</param>
internal sealed record OutputColumn<TResult>(string Name, DataViewType Type, Func<Func<TResult>, Delegate> Getter)
{
    public static OutputColumn<TResult> Text(string name, Func<TResult, string> text) => new(
        name,
        TextDataViewType.Instance,
        current => new ValueGetter<ReadOnlyMemory<char>>((ref ReadOnlyMemory<char> value) => value = text(current()).AsMemory()));

    public static OutputColumn<TResult> Single(string name, Func<TResult, float> number) => new(
        name, NumberDataViewType.Single, current => new ValueGetter<float>((ref float value) => value = number(current())));
}
