// anagrams < text: prints the words that are made of the same letters, one group a line.
#include <algorithm>
#include <cctype>
#include <iostream>
#include <map>
#include <set>
#include <string>

int main() {
  std::map<std::string, std::set<std::string>> groups;
  for (std::string word; std::cin >> word;) {
    std::erase_if(word, [](unsigned char letter) { return !std::isalpha(letter); });
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char letter) { return std::tolower(letter); });
    std::string letters = word;
    std::sort(letters.begin(), letters.end());
    groups[letters].insert(word);
  }
  for (const auto &[letters, words] : groups) {
    if (words.size() < 2) continue;
    for (const auto &word : words) std::cout << word << (word == *words.rbegin() ? '\n' : ' ');
  }
}
